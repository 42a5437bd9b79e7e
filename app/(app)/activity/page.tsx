import * as messages from '@/lib/generated/messages/activity'
import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { listMachines } from '@/lib/machines/queries'
import { listTasks } from '@/lib/tasks/queries'
import { type TaskDto, taskListSchema } from '@/lib/tasks/schema'
import { listVideos } from '@/lib/videos/queries'
import { ActivityList } from '@/app/features/activity/activity-list'
import { ActivitySearch } from '@/app/features/activity/activity-search'
import type { SearchPageProps } from '@/app/page-props'

export const generateMetadata = () => ({ title: messages.title() })

export default async function ActivityPage({ searchParams }: SearchPageProps) {
  const { id: ownerId } = await requireUser()
  const { state, search = '' } = taskListSchema.catch({}).parse(await searchParams)
  const { tasks, nextCursor } = await listTasks(db(), { ownerId, state, search })
  const filterByIds = (idOf: (task: TaskDto) => string | null) => {
    const ids = [...new Set(tasks.flatMap((task) => idOf(task) ?? []))]
    return { ownerId, ids, limit: ids.length }
  }
  const [{ videos }, { machines }] = await Promise.all([
    listVideos(
      db(),
      filterByIds((task) => task.videoId),
    ),
    listMachines(
      db(),
      filterByIds((task) => task.machineId),
    ),
  ])
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-2xl font-semibold">{messages.title()}</h1>
      <ActivitySearch key={state} state={state} search={search} />
      <ActivityList
        key={`${state} ${search}`}
        state={state}
        search={search}
        initial={{ tasks, nextCursor, videos, machines }}
      />
    </div>
  )
}
