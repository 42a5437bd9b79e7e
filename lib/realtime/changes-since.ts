import { listCaptions } from '../captions/queries'
import type { Db } from '../database/db'
import { listMachines } from '../machines/queries'
import { whereUnfinished } from '../tasks/queries'
import { toTaskDtos } from '../tasks/to-task-dto'
import { notInternalKind } from '../tasks/registry'
import { listVideos } from '../videos/queries'
import type { Snapshot } from './schema'

const RECENT_MS = 24 * 60 * 60 * 1000
/** Of what a page does not know, the newest: somebody's script may have asked for ten thousand. */
const MAX_NEW_TASKS = 500

/** All that a page should have and has not: what it knows in a newer version, what is unfinished, what is new. */
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
  const asked = (of: (task: (typeof tasks)[number]) => string | null) => {
    const all = [...new Set([...ids, ...tasks.flatMap((task) => of(task) ?? [])])]
    return { ownerId, ids: all, limit: all.length + 1 }
  }
  const [{ videos }, { machines }, captions] = await Promise.all([
    listVideos(
      db,
      asked((task) => task.videoId),
    ),
    listMachines(
      db,
      asked((task) => task.machineId),
    ),
    listCaptions(db, { ownerId, OR: [{ id: { in: ids } }, { state: whereUnfinished.state }, isRecent] }),
  ])
  const isNewer = (row: { id: string; version: number }) => row.version > (known[row.id] ?? 0)
  const there = new Set([...tasks, ...videos, ...machines, ...captions].map((row) => row.id))
  return {
    tasks: await toTaskDtos(db, tasks.filter(isNewer)),
    videos: videos.filter(isNewer),
    machines: machines.filter(isNewer),
    captions: captions.filter(isNewer),
    gone: ids.filter((id) => !there.has(id)),
  }
}
