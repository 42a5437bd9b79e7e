import { listCaptions } from '../captions/queries'
import type { Db } from '../database/db'
import { listMachines } from '../machines/queries'
import { whereUnfinished } from '../tasks/queries'
import { toTaskDtos } from '../tasks/to-task-dto'
import { notInternalKind } from '../tasks/registry'
import { listVideos } from '../videos/queries'
import type { Snapshot } from './schema'

const RECENT_MS = 24 * 60 * 60 * 1000
/** Limit of tasks that are new to the page: a script may have created ten thousand. */
const MAX_NEW_TASKS = 500

/** Returns the changes since the versions that a page knows, unfinished tasks, and tasks of the last 24 hours. */
export async function changesSince(
  db: Db,
  options: { ownerId: string; known: Record<string, number> },
): Promise<Snapshot> {
  const { ownerId, known } = options
  const ids = Object.keys(known)
  const isRecent = { createdAt: { gt: new Date(Date.now() - RECENT_MS) } }
  const [knownTasks, newTasks] = await Promise.all([
    db.task.findMany({ where: { ownerId, id: { in: ids } } }),
    db.task.findMany({
      where: { ownerId, kind: notInternalKind(), OR: [whereUnfinished, isRecent] },
      orderBy: { id: 'desc' },
      take: MAX_NEW_TASKS,
    }),
  ])
  const tasks = [...new Map([...knownTasks, ...newTasks].map((task) => [task.id, task])).values()]
  const subjectIds = tasks.flatMap((task) => task.subjectId ?? [])
  const rowIds = [...new Set([...ids, ...subjectIds])]
  const filter = { ownerId, ids: rowIds, limit: rowIds.length + 1 }
  const [{ videos }, { machines }, captions] = await Promise.all([
    listVideos(db, filter),
    listMachines(db, filter),
    listCaptions(db, { ownerId, OR: [{ id: { in: ids } }, { state: whereUnfinished.state }, isRecent] }),
  ])
  const isNewer = (row: { id: string; version: number }) => row.version > (known[row.id] ?? 0)
  const existing = new Set([...tasks, ...videos, ...machines, ...captions].map((row) => row.id))
  return {
    tasks: await toTaskDtos(db, tasks.filter(isNewer)),
    videos: videos.filter(isNewer),
    machines: machines.filter(isNewer),
    captions: captions.filter(isNewer),
    gone: ids.filter((id) => !existing.has(id)),
  }
}
