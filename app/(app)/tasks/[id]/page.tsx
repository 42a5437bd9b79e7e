import { cache } from 'react'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { listMachines } from '@/lib/machines/queries'
import { readAttempts } from '@/lib/tasks/attempts'
import { getTask, getTaskLog } from '@/lib/tasks/queries'
import { listVideos } from '@/lib/videos/queries'
import { TaskPage } from '@/app/features/tasks/task-page'
import type { IdPageProps } from '@/app/page-props'

const loadTask = cache(async (id: string) => {
  const { id: ownerId } = await requireUser()
  return { ownerId, task: await findOr404(id, () => getTask(db(), { id, ownerId })) }
})

export async function generateMetadata({ params }: IdPageProps) {
  const { task } = await loadTask((await params).id)
  return { title: task.label }
}

export default async function Page({ params }: IdPageProps) {
  const { id } = await params
  const { ownerId, task } = await loadTask(id)
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
