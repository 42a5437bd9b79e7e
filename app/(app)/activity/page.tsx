import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { listMachines } from '@/lib/machines/queries'
import type { TaskDto } from '@/lib/tasks/contract'
import { listTasks, taskListSchema } from '@/lib/tasks/queries'
import { listVideos } from '@/lib/videos/queries'
import { Activity } from './activity'
import { ActivitySearch } from './activity-search'

export const metadata = { title: 'Activity' }

export default async function ActivityPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { id: ownerId } = await pageIdentity()
  const { state, search = '' } = taskListSchema.catch({}).parse(await searchParams)
  const { tasks, nextCursor } = await listTasks(db(), { ownerId, state, search })
  const of = (idOf: (task: TaskDto) => string | null) => {
    const ids = [...new Set(tasks.flatMap((task) => idOf(task) ?? []))]
    return { ownerId, ids, limit: ids.length }
  }
  const [{ videos }, { machines }] = await Promise.all([
    listVideos(
      db(),
      of((task) => task.videoId),
    ),
    listMachines(
      db(),
      of((task) => task.machineId),
    ),
  ])
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-2xl font-semibold">Activity</h1>
      <ActivitySearch key={state} state={state} search={search} />
      <Activity
        key={`${state} ${search}`}
        state={state}
        search={search}
        first={{ tasks, nextCursor }}
        videos={videos}
        machines={machines}
      />
    </div>
  )
}
