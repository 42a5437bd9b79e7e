import { listCaptions } from '@/lib/captions/queries'
import { db } from '@/lib/database/db'
import { queryDirectly } from '@/lib/database/direct-query'
import { prepared } from '@/lib/database/prepared-statements'
import { Prisma, type Task } from '@/lib/generated/prisma/client'
import { listMachines } from '@/lib/machines/queries'
import { findShownNotifications } from '@/lib/notifications/queries'
import { findPlaylists } from '@/lib/playlists/queries'
import type { Change } from '@/lib/realtime/schema'
import { toTaskDtos } from '@/lib/tasks/to-task-dto'
import { isInternalKind } from '@/lib/tasks/registry'
import { isFinished } from '@/lib/tasks/state'
import { listVideos } from '@/lib/videos/queries'
import type { LiveServer } from './live-server'

/** Sends changed rows to their owners. Resolves to whether a task left a queue, so that the positions of others changed. */
export async function sendChanges(io: LiveServer, changes: Change[]) {
  for (const { type, id, ownerId } of changes.filter((change) => change.gone))
    io.to(ownerId).emit('gone', { type, id })
  const ids = (type: Change['type']) =>
    changes.filter((change) => change.type === type && !change.gone).map((change) => change.id)
  const tasks = await readTasks(ids('task'))
  const dtos = await toTaskDtos(db(), tasks)
  dtos.forEach((dto, index) => io.to(tasks[index]!.ownerId).emit('task', dto))
  for (const ownerId of new Set(changes.map((change) => change.ownerId))) {
    const changedRows = (type: Change['type']) => {
      const own = changes.filter(
        (change) => change.type === type && !change.gone && change.ownerId === ownerId,
      )
      return { ownerId, ids: own.map((change) => change.id), limit: own.length }
    }
    const [videos, machines, playlists] = [
      changedRows('video'),
      changedRows('machine'),
      changedRows('playlist'),
    ]
    if (videos.limit > 0)
      for (const video of (await listVideos(db(), videos)).videos) io.to(ownerId).emit('video', video)
    if (machines.limit > 0)
      for (const machine of (await listMachines(db(), machines)).machines)
        io.to(ownerId).emit('machine', machine)
    if (playlists.limit > 0)
      for (const playlist of await findPlaylists(db(), playlists)) io.to(ownerId).emit('playlist', playlist)
  }
  const captionIds = ids('caption')
  const captions = captionIds.length > 0 ? await listCaptions(db(), { id: { in: captionIds } }) : []
  for (const { ownerId, ...caption } of captions) io.to(ownerId).emit('caption', caption)
  for (const { ownerId, notification } of await findShownNotifications(db(), ids('notification')))
    io.to(ownerId).emit('notification', notification)
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
