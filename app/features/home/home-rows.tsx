import type { ReactNode } from 'react'
import { activeCaptionTasksByVideo } from '@/app/features/captions/caption-task'
import { VideoRow } from '@/app/features/videos/video-row'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { MachineRow } from '@/app/features/machines/machine-row'
import { isTransitioning } from '@/app/features/machines/machine-state'
import type { LiveRows } from '@/lib/realtime/schema'
import type { TaskDto } from '@/lib/tasks/schema'

/** A video or a machine, with what the home page groups it by. */
export interface HomeRow {
  isActive: boolean
  createdAt: string
  /** Empty if it has never finished. */
  finishedAt: string
  task?: TaskDto
  row: ReactNode
}

/** Sorts running work first, then waiting work by its place in line, then the rest; newest first among equals. */
export const byStart = (a: HomeRow, b: HomeRow) => placeInLine(a) - placeInLine(b)

function placeInLine({ task }: HomeRow) {
  if (task?.state === 'in_progress') return 0
  return task?.position ?? Number.MAX_SAFE_INTEGER
}

/** Returns one row per video and per machine that is not terminated, newest first. */
export function homeRows({
  tasks,
  videos,
  machines,
}: Pick<LiveRows, 'tasks' | 'videos' | 'machines'>): HomeRow[] {
  const tasksById = new Map(tasks.map((task) => [task.id, task]))
  const captionTasks = activeCaptionTasksByVideo(tasks)
  const videoRows = videos.map((video): HomeRow => {
    const task = tasksById.get(video.taskId ?? '')
    return {
      isActive: isUnfinished(task ?? video),
      createdAt: video.createdAt,
      finishedAt: task?.finishedAt ?? video.finishedAt ?? '',
      task,
      row: <VideoRow key={video.id} video={video} task={task} captionTask={captionTasks.get(video.id)} />,
    }
  })
  const machineRows = machines
    .filter((machine) => machine.state !== 'terminated')
    .map((machine): HomeRow => {
      const task = tasksById.get(machine.taskId ?? '')
      return {
        isActive: isTransitioning(machine),
        createdAt: machine.createdAt,
        finishedAt: task?.finishedAt ?? '',
        task,
        row: <MachineRow key={machine.id} machine={machine} task={task} />,
      }
    })
  return [...videoRows, ...machineRows].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
}
