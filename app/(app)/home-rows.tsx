import type { ReactNode } from 'react'
import { listeningTo } from '@/app/captions/caption-task'
import { VideoRow } from '@/app/components/video-row'
import { isOpen } from '@/app/components/words'
import { MachineRow } from '@/app/machines/machine-row'
import { isChanging } from '@/app/machines/machine-words'
import type { LiveRows } from '@/lib/realtime/contract'
import type { TaskDto } from '@/lib/tasks/contract'

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
  const listening = listeningTo(tasks)
  const ofVideos = videos.map((video): HomeRow => {
    const task = taskOf.get(video.taskId ?? '')
    return {
      isOpen: isOpen(task ?? video),
      createdAt: video.createdAt,
      finishedAt: task?.finishedAt ?? video.finishedAt ?? '',
      task,
      row: <VideoRow key={video.id} video={video} task={task} listening={listening.get(video.id)} />,
    }
  })
  const ofMachines = machines
    .filter((machine) => machine.state !== 'terminated')
    .map((machine): HomeRow => {
      const task = taskOf.get(machine.taskId ?? '')
      return {
        isOpen: isChanging(machine),
        createdAt: machine.createdAt,
        finishedAt: task?.finishedAt ?? '',
        task,
        row: <MachineRow key={machine.id} machine={machine} task={task} />,
      }
    })
  return [...ofVideos, ...ofMachines].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
}
