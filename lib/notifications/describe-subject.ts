import * as messages from '@/lib/generated/messages/notification-subjects'
import { exportAccountTask } from '../accounts/tasks'
import { createArchiveTask, importArchiveTask } from '../archives/tasks'
import type { Tx } from '../database/db'
import type { Notification, Task } from '../generated/prisma/client'
import { machineSubject } from '../machines/task-subject'
import { videoSubject } from '../videos/task-subject'

type SubjectDescription = Pick<Notification, 'title' | 'href' | 'detail'>

/** Describes what a task is about; null for other tasks and after the deletion of a video or machine. */
export async function describeSubject(tx: Tx, task: Task): Promise<SubjectDescription | null> {
  const { subjectType, subjectId: id } = task
  if (!id) return describeByKind(tx, task)
  if (subjectType === videoSubject.type) {
    const video = await tx.video.findUnique({ where: { id } })
    // The task that makes it the file of another video notifies.
    if (video?.replacesId) return null
    return video && { title: video.title, href: `/videos/${id}`, detail: formatDuration(video) }
  }
  if (subjectType !== machineSubject.type) return null
  const machine = await tx.machine.findUnique({ where: { id } })
  return machine && { title: machine.name, href: `/machines/${id}`, detail: null }
}

async function describeByKind(tx: Tx, { id: taskId, kind, state, result }: Task) {
  const archivePage = { href: '/archives', detail: null }
  if (kind === exportAccountTask.name)
    return { title: messages.dataExport(), href: '/account#your-data', detail: null }
  if (kind === importArchiveTask.name) {
    if (state === 'failed') return { title: messages.archiveImport(), ...archivePage }
    const { videos } = (result ?? {}) as { videos?: number }
    return { title: messages.videos({ count: videos ?? 0 }), ...archivePage, href: '/videos' }
  }
  if (kind !== createArchiveTask.name) return null
  const archive = await tx.archive.findUnique({ where: { taskId } })
  if (!archive) return null
  const [title] = archive.titles
  const contents =
    title !== undefined && archive.titles.length === 1
      ? title
      : messages.videos({ count: archive.titles.length })
  return { title: state === 'failed' ? messages.archiveOf({ contents }) : contents, ...archivePage }
}

/** Formats as 12:04 or 1:02:03. */
function formatDuration({ durationSeconds }: { durationSeconds: number | null }) {
  if (!durationSeconds) return null
  const [hours, ...rest] = [3600, 60, 1].map((unit) => Math.floor(Math.round(durationSeconds) / unit) % 60)
  const [minutes, seconds] = rest.map((part) => String(part).padStart(2, '0'))
  return hours ? `${hours}:${minutes}:${seconds}` : `${Number(minutes)}:${seconds}`
}
