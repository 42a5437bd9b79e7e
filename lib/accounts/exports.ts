import * as messages from '@/lib/generated/messages/account-errors'
import { databaseTimeMs } from '../cluster/database-clock'
import type { PgBoss } from 'pg-boss'
import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import type { Prisma } from '../generated/prisma/client'
import { exportKeys } from '../storage/keys'
import type { Storage } from '../storage/storage'
import { cancelTask } from '../tasks/commands'
import { enqueueTask } from '../tasks/enqueue'
import { whereUnfinished } from '../tasks/queries'
import { isFinished } from '../tasks/state'
import type { AccountExportDto } from './export-schema'
import { lockUser } from './lock-user'
import { exportAccountTask } from './tasks'

const withTask = { include: { task: true } } satisfies Prisma.AccountExportDefaultArgs
type ExportWithTask = Prisma.AccountExportGetPayload<typeof withTask>

interface Deps {
  db: Db
  boss: PgBoss
  storage: Storage
}

/**
 * Enqueues an export of everything that a user has. A user has one export: an earlier archive is deleted.
 * @throws {AppError} export.in_progress
 */
export async function requestExport({ db, boss, storage }: Deps, ownerId: string) {
  const { created, replaced } = await db.$transaction(async (tx) => {
    await lockUser(tx, ownerId)
    const earlier = await tx.accountExport.findMany({ where: { ownerId }, ...withTask })
    if (earlier.some(({ task }) => task && !isFinished(task.state))) throw exportInProgressError()
    await tx.accountExport.deleteMany({ where: { ownerId } })
    const { id } = await tx.accountExport.create({ data: { ownerId } })
    const task = await enqueueTask(tx, boss, { kind: exportAccountTask, ownerId, payload: { exportId: id } })
    await recordAudit(tx, { action: 'account.export_requested', subject: { type: 'user', id: ownerId } })
    const row = await tx.accountExport.update({ where: { id }, data: { taskId: task.id }, ...withTask })
    return { created: toExportDto(row), replaced: earlier }
  })
  for (const { id } of replaced) await storage.removeAll(exportKeys(id).folder)
  return created
}

export async function listExports(db: Db, ownerId: string) {
  const rows = await db.accountExport.findMany({ where: { ownerId }, ...withTask, orderBy: { id: 'desc' } })
  return rows.map(toExportDto)
}

/** Cancels the export, or deletes its archive. @throws {AppError} export.not_found */
export async function deleteExport(
  { db, boss, storage }: Deps,
  { id, ownerId }: { id: string; ownerId: string },
) {
  const row = await db.accountExport.findFirst({ where: { id, ownerId }, ...withTask })
  if (!row) throw notFound('export')
  if (row.task && !isFinished(row.task.state))
    await cancelTask({ db, boss, taskId: row.task.id, ownerId }).catch(ignoreFinished)
  await db.accountExport.deleteMany({ where: { id } })
  await storage.removeAll(exportKeys(id).folder)
}

/** The storage key of an archive that has not expired. @throws {AppError} export.not_found */
export async function findExportFile(db: Db, { id, ownerId }: { id: string; ownerId: string }) {
  const row = await db.accountExport.findFirst({
    where: { id, ownerId, sizeBytes: { not: null }, expiresAt: { gt: new Date(databaseTimeMs()) } },
  })
  if (!row) throw notFound('export')
  return { key: exportKeys(id).archive, createdAt: row.createdAt }
}

/** Deletes expired archives, and those of exports that failed. Returns their number. */
export async function removeExpiredExports({ db, storage }: Pick<Deps, 'db' | 'storage'>) {
  const expired = await db.accountExport.findMany({
    where: {
      OR: [
        { expiresAt: { lt: new Date(databaseTimeMs()) } },
        { sizeBytes: null, OR: [{ taskId: null }, { task: { NOT: whereUnfinished } }] },
      ],
    },
    select: { id: true },
  })
  for (const { id } of expired) {
    await storage.removeAll(exportKeys(id).folder)
    await db.accountExport.deleteMany({ where: { id } })
  }
  return expired.length
}

function ignoreFinished(error: unknown) {
  if (!(error instanceof AppError)) throw error
}

function toExportDto(row: ExportWithTask): AccountExportDto {
  const isDone = row.sizeBytes !== null
  return {
    id: row.id,
    taskId: row.taskId,
    state: isDone ? 'done' : (row.task?.state ?? 'failed'),
    progress: isDone ? 1 : (row.task?.progress ?? 0),
    sizeBytes: isDone ? Number(row.sizeBytes) : null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    urls: { download: isDone ? `/api/v1/account/exports/${row.id}/file` : null },
  }
}

const exportInProgressError = () =>
  new AppError({ code: 'export.in_progress', message: messages.exportInProgress(), status: 409 })
