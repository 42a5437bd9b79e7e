import type { Db } from '../database/db'
import type { Folder } from '../generated/prisma/client'
import { getLocale } from '../i18n/locale'
import type { FolderDto } from './schema'

const countVideos = { _count: { select: { videos: { where: { deletedAt: null } } } } } as const

/** Lists the folders of a user by name, in the order of the current language. */
export async function listFolders(db: Db, ownerId: string): Promise<FolderDto[]> {
  const rows = await db.folder.findMany({ where: { ownerId }, include: countVideos })
  return rows
    .map(toFolderDto)
    .toSorted((a, b) => a.name.localeCompare(b.name, getLocale(), { numeric: true }))
}

const toFolderDto = ({
  id,
  name,
  createdAt,
  _count,
}: Folder & { _count: { videos: number } }): FolderDto => ({
  id,
  name,
  videoCount: _count.videos,
  createdAt: createdAt.toISOString(),
})
