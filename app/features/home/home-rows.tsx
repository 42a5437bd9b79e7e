import type { ReactNode } from 'react'
import { activeCaptionTasksByVideo } from '@/app/features/captions/caption-task'
import { VideoRow } from '@/app/features/videos/video-row'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { MachineRow } from '@/app/features/machines/machine-row'
import { isTransitioning } from '@/app/features/machines/machine-state'
import type { LiveRows } from '@/lib/realtime/schema'
import type { TaskDto } from '@/lib/tasks/schema'

/** A video or a machine, as the home page sorts them. */
export interface HomeRow {
  isOpen: boolean
  createdAt: string
  /** Empty while it has never finished. */
  finishedAt: string
  task?: TaskDto
  row: ReactNode
}

/** Newest first. */
export function homeRows({ tasks, videos, machines }: LiveRows): HomeRow[] {
  const taskOf = new Map(tasks.map((task) => [task.id, task]))
  const listening = activeCaptionTasksByVideo(tasks)
  const ofVideos = videos.map((video): HomeRow => {
    const task = taskOf.get(video.taskId ?? '')
    return {
      isOpen: isUnfinished(task ?? video),
      createdAt: video.createdAt,
      finishedAt: task?.finishedAt ?? video.finishedAt ?? '',
      task,
      row: <VideoRow key={video.id} video={video} task={task} captionTask={listening.get(video.id)} />,
    }
  })
  const ofMachines = machines
    .filter((machine) => machine.state !== 'terminated')
    .map((machine): HomeRow => {
      const task = taskOf.get(machine.taskId ?? '')
      return {
        isOpen: isTransitioning(machine),
        createdAt: machine.createdAt,
        finishedAt: task?.finishedAt ?? '',
        task,
        row: <MachineRow key={machine.id} machine={machine} task={task} />,
      }
    })
  return [...ofVideos, ...ofMachines].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
}
