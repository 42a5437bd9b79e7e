import { notFound } from 'next/navigation'
import { z } from 'zod'
import { AppError } from '@/lib/errors'

/** What `read` finds under `id`; a page that says so where there is nothing, or it is somebody else's. */
export async function findOr404<T>(id: string, read: (id: string) => Promise<T>) {
  if (!z.uuid().safeParse(id).success) notFound()
  return read(id).catch((error: unknown) => {
    if (error instanceof AppError) notFound()
    throw error
  })
}
