import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { listTasks, taskListSchema } from '@/lib/tasks/queries'
import { listVideos } from '@/lib/videos/queries'
import { Activity } from './activity'

export const metadata = { title: 'Activity' }

export default async function ActivityPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { id: ownerId } = await pageIdentity()
  const { state } = taskListSchema.catch({}).parse(await searchParams)
  const { tasks, nextCursor } = await listTasks(db(), { ownerId, state })
  const ids = [...new Set(tasks.flatMap((task) => task.videoId ?? []))]
  const { videos } = await listVideos(db(), { ownerId, ids, limit: ids.length })
  return <Activity key={state} state={state} first={{ tasks, nextCursor }} videos={videos} />
}
