import { notFound } from 'next/navigation'
import { z } from 'zod'
import { AppError } from '@/lib/errors'

/**
 * For pages: the row that `find` returns for `id`, or the 404 page if there is none or another user owns it. An id is a
 * UUID unless stated.
 */
export async function findOr404<T>(id: string, find: (id: string) => Promise<T>, { isUuid = true } = {}) {
  if (isUuid && !z.uuid().safeParse(id).success) notFound()
  return find(id).catch((error: unknown) => {
    if (error instanceof AppError) notFound()
    throw error
  })
}
