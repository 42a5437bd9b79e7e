import { listCaptions } from '@/lib/captions/queries'
import { db } from '@/lib/database/db'
import { queryDirectly } from '@/lib/database/direct-query'
import { prepared } from '@/lib/database/prepared-statements'
import { Prisma, type Task } from '@/lib/generated/prisma/client'
import { type Locale, LOCALES } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { listMachines } from '@/lib/machines/queries'
import { findShownNotifications } from '@/lib/notifications/queries'
import { findPlaylists } from '@/lib/playlists/queries'
import type { Change } from '@/lib/realtime/schema'
import { toTaskDtos } from '@/lib/tasks/to-task-dto'
import { isInternalKind } from '@/lib/tasks/registry'
import { isFinished } from '@/lib/tasks/state'
import { listVideos } from '@/lib/videos/queries'
import { type LiveServer, localeRoom } from './live-server'

/**
 * Sends changed rows to the pages of their owners, with names and messages in the language of the page. Resolves to whether
 * a task left a queue, so that the positions of others changed.
 */
export async function sendChanges(io: LiveServer, changes: Change[]) {
  for (const { type, id, ownerId } of changes.filter((change) => change.gone))
    io.to(ownerId).emit('gone', { type, id })
  const rows = changes.filter((change) => !change.gone)
  const hasPages = (ownerId: string, locale: Locale) =>
    io.sockets.adapter.rooms.has(localeRoom({ ownerId, locale }))
  // Of a user who has left meanwhile, tasks may have left a queue too.
  let hasLeftQueue = rows.some(
    ({ type, ownerId }) => type === 'task' && !LOCALES.some((locale) => hasPages(ownerId, locale)),
  )
  for (const locale of LOCALES) {
    const shown = rows.filter(({ ownerId }) => hasPages(ownerId, locale))
    if (shown.length === 0) continue
    const to = (ownerId: string) => io.to(localeRoom({ ownerId, locale }))
    if (await runWithLocale(locale, () => sendRows(to, shown))) hasLeftQueue = true
  }
  return hasLeftQueue
}

/** Sends rows in the current locale. Resolves as `sendChanges`. */
async function sendRows(to: (ownerId: string) => ReturnType<LiveServer['to']>, changes: Change[]) {
  const ids = (type: Change['type']) =>
    changes.filter((change) => change.type === type).map((change) => change.id)
  const tasks = await readTasks(ids('task'))
  const dtos = await toTaskDtos(db(), tasks)
  dtos.forEach((dto, index) => to(tasks[index]!.ownerId).emit('task', dto))
  for (const ownerId of new Set(changes.map((change) => change.ownerId))) {
    const changedRows = (type: Change['type']) => {
      const own = changes.filter((change) => change.type === type && change.ownerId === ownerId)
      return { ownerId, ids: own.map((change) => change.id), limit: own.length }
    }
    const [videos, machines, playlists] = [
      changedRows('video'),
      changedRows('machine'),
      changedRows('playlist'),
    ]
    if (videos.limit > 0)
      for (const video of (await listVideos(db(), videos)).videos) to(ownerId).emit('video', video)
    if (machines.limit > 0)
      for (const machine of (await listMachines(db(), machines)).machines)
        to(ownerId).emit('machine', machine)
    if (playlists.limit > 0)
      for (const playlist of await findPlaylists(db(), playlists)) to(ownerId).emit('playlist', playlist)
  }
  const captionIds = ids('caption')
  const captions = captionIds.length > 0 ? await listCaptions(db(), { id: { in: captionIds } }) : []
  for (const { ownerId, ...caption } of captions) to(ownerId).emit('caption', caption)
  for (const { ownerId, notification } of await findShownNotifications(db(), ids('notification')))
    to(ownerId).emit('notification', notification)
  return tasks.some((task) => task.state !== 'queued' && (task.progress === 0 || isFinished(task.state)))
}

/** Tasks change most often by far: twice a second while they run. */
async function readTasks(ids: string[]) {
  if (ids.length === 0) return []
  const rows = await queryDirectly<Task>(
    db(),
    Prisma.sql`${prepared} SELECT * FROM task WHERE id = ANY(${ids}::uuid[])`,
  )
  return rows.filter(({ kind }) => !isInternalKind(kind))
}
