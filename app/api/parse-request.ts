import { z } from 'zod'
import { notFound } from '@/lib/errors'
import type { RouteParams } from './with-user'

/**
 * The id in the path. An id that is no UUID has no row, so it is answered with 404 rather than 400.
 * @throws {AppError} `<resource>.not_found`
 */
export function parseId(params: RouteParams, resource: string) {
  const id = z.uuid().safeParse(params.id)
  if (id.success) return id.data
  throw notFound(resource)
}

/** @throws {z.ZodError} */
export const parseQuery = <T extends z.ZodType>(request: Request, schema: T): z.infer<T> =>
  schema.parse(Object.fromEntries(new URL(request.url).searchParams))

/** The JSON body. A body that is missing or malformed counts as `null`. @throws {z.ZodError} */
export const parseBody = async <T extends z.ZodType>(request: Request, schema: T): Promise<z.infer<T>> =>
  schema.parse(await request.json().catch(() => null))
