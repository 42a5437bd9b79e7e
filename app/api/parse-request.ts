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

const idempotencyKeySchema = z.string().min(1).max(255).optional()

/** The Idempotency-Key header, if any. @throws {z.ZodError} */
export const parseIdempotencyKey = (request: Request) =>
  idempotencyKeySchema.parse(request.headers.get('idempotency-key') ?? undefined)

/** The JSON body. A body that is missing or malformed counts as `null`. @throws {z.ZodError} */
export const parseBody = async <T extends z.ZodType>(request: Request, schema: T): Promise<z.infer<T>> =>
  schema.parse(await request.json().catch(() => null))

/** The bytes of the body, in a buffer of their own. `Request.arrayBuffer` would copy them once more. */
export async function readBytes(request: Request) {
  const chunks: Uint8Array[] = []
  for await (const chunk of request.body ?? []) chunks.push(chunk)
  const bytes = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
