import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { listMachines } from '@/lib/machines/queries'
import { readAttempts } from '@/lib/tasks/attempts'
import { getTask, getTaskLog } from '@/lib/tasks/queries'
import { listVideos } from '@/lib/videos/queries'
import { TaskPage } from '@/app/features/tasks/task-page'
import type { IdPageProps } from '@/app/page-props'

export const metadata = { title: 'Task' }

export default async function Page({ params }: IdPageProps) {
  const { id: ownerId } = await requireUser()
  const { id } = await params
  const task = await findOr404(id, () => getTask(db(), { id, ownerId }))
  const [log, attempts, { videos }, { machines }] = await Promise.all([
    getTaskLog(db(), { id, ownerId }),
    readAttempts(db(), id),
    listVideos(db(), { ownerId, ids: task.videoId ? [task.videoId] : [], limit: 1 }),
    listMachines(db(), { ownerId, ids: task.machineId ? [task.machineId] : [], limit: 1 }),
  ])
  return (
    <TaskPage
      id={id}
      seed={{ tasks: [task], videos, machines, captions: [] }}
      initialLog={log}
      initialAttempts={attempts}
    />
  )
}
