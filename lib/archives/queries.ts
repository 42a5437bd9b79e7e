import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { notFound } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import { archiveKeys } from '../storage/keys'
import { readStoredError } from '../tasks/stored-error'
import type { ArchiveDto, UploadedArchiveDto } from './schema'

export const withTask = { include: { task: true } } satisfies Prisma.ArchiveDefaultArgs
type ArchiveWithTask = Prisma.ArchiveGetPayload<typeof withTask>

export async function listArchives(db: Db, ownerId: string) {
  const rows = await db.archive.findMany({ where: { ownerId }, ...withTask, orderBy: { id: 'desc' } })
  return rows.map(toArchiveDto)
}

/** The storage key of an archive that has not expired. @throws {AppError} archive.not_found */
export async function findArchiveFile(db: Db, where: { id: string; ownerId: string }) {
  const row = await db.archive.findFirst({
    where: { ...where, isComplete: true, expiresAt: { gt: new Date(databaseTimeMs()) } },
  })
  if (!row) throw notFound('archive')
  return { key: archiveKeys(row.id).archive, createdAt: row.createdAt }
}

export function toArchiveDto({ task, isComplete, ...row }: ArchiveWithTask): ArchiveDto {
  return {
    id: row.id,
    taskId: row.taskId,
    state: isComplete ? 'done' : (task?.state ?? 'failed'),
    progress: isComplete ? 1 : (task?.progress ?? 0),
    titles: row.titles,
    sizeBytes: isComplete ? Number(row.sizeBytes) : null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    error: isComplete ? null : (readStoredError(task?.error)?.message ?? null),
    urls: { download: isComplete ? `/api/v1/archives/${row.id}/file` : null },
  }
}

/** The archives of a user that were uploaded and are not imported yet. */
export async function listUploadedArchives(db: Db, ownerId: string): Promise<UploadedArchiveDto[]> {
  const uploads = await db.upload.findMany({
    where: { ownerId, isArchive: true, isStored: true },
    orderBy: { createdAt: 'desc' },
    include: { archiveImport: { include: { task: true } } },
  })
  return uploads.map(({ archiveImport, ...upload }) => ({
    uploadId: upload.id,
    filename: upload.filename,
    sizeBytes: Number(upload.sizeBytes),
    expiresAt: upload.expiresAt.toISOString(),
    taskId: archiveImport?.taskId ?? null,
    state: archiveImport?.task?.state ?? null,
    error: readStoredError(archiveImport?.task?.error)?.message ?? null,
  }))
}
