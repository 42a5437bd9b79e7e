import { lockUser } from '../accounts/lock-user'
import * as messages from '@/lib/generated/messages/folder-errors'
import type { Db } from '../database/db'
import { isConflict } from '../database/query-errors'
import { AppError, notFound } from '../errors'
import { listFolders } from './queries'
import { MAX_FOLDERS } from './schema'

interface Target {
  db: Db
  id: string
  ownerId: string
}

/** @throws {AppError} folder.too_many, folder.name_taken */
export async function createFolder({ db, ownerId, name }: { db: Db; ownerId: string; name: string }) {
  const { id } = await db
    .$transaction(async (tx) => {
      // Concurrent requests cannot exceed the limit together.
      await lockUser(tx, ownerId)
      if ((await tx.folder.count({ where: { ownerId } })) >= MAX_FOLDERS) throw tooManyError()
      return tx.folder.create({ data: { ownerId, name } })
    })
    .catch((error: unknown) => {
      throw isConflict(error) ? nameTaken(name) : error
    })
  return findFolder({ db, id, ownerId })
}

/** @throws {AppError} folder.not_found, folder.name_taken */
export async function renameFolder({ db, id, ownerId, name }: Target & { name: string }) {
  const { count } = await db.folder
    .updateMany({ where: { id, ownerId }, data: { name } })
    .catch((error: unknown) => {
      throw isConflict(error) ? nameTaken(name) : error
    })
  if (count === 0) throw notFound('folder')
  return findFolder({ db, id, ownerId })
}

/** Deletes a folder. Its videos stay, in no folder. @throws {AppError} folder.not_found */
export async function deleteFolder({ db, id, ownerId }: Target) {
  const { count } = await db.folder.deleteMany({ where: { id, ownerId } })
  if (count === 0) throw notFound('folder')
}

/** @throws {AppError} folder.not_found */
export async function requireFolder(db: Db, where: { id: string; ownerId: string }) {
  if ((await db.folder.count({ where })) === 0) throw notFound('folder')
}

async function findFolder({ db, id, ownerId }: Target) {
  const folder = (await listFolders(db, ownerId)).find((one) => one.id === id)
  if (!folder) throw notFound('folder')
  return folder
}

const nameTaken = (name: string) =>
  new AppError({
    code: 'folder.name_taken',
    message: messages.nameTaken({ name }),
    status: 409,
  })

const tooManyError = () =>
  new AppError({
    code: 'folder.too_many',
    message: messages.tooMany({ maximum: MAX_FOLDERS }),
    status: 409,
  })
