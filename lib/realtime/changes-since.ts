import { listCaptions } from '../captions/queries'
import type { Db } from '../database/db'
import { listMachines } from '../machines/queries'
import { whereUnfinished } from '../tasks/queries'
import { toTaskDtos } from '../tasks/to-task-dto'
import { notInternalKind } from '../tasks/registry'
import { listVideos } from '../videos/queries'
import type { Snapshot } from './schema'

const RECENT_MS = 24 * 60 * 60 * 1000
/** Limits the tasks that a page does not know yet: a script may have created ten thousand. */
const MAX_NEW_TASKS = 500

/** Returns what a page lacks: newer versions of the rows it knows, unfinished tasks and tasks of the last 24 hours. */
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
  const withSubjects = (subjectOf: (task: (typeof tasks)[number]) => string | null) => {
    const all = [...new Set([...ids, ...tasks.flatMap((task) => subjectOf(task) ?? [])])]
    return { ownerId, ids: all, limit: all.length + 1 }
  }
  const [{ videos }, { machines }, captions] = await Promise.all([
    listVideos(
      db,
      withSubjects((task) => task.videoId),
    ),
    listMachines(
      db,
      withSubjects((task) => task.machineId),
    ),
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
