import { captionVideoTask } from '../captions/tasks'
import { provisionMachineTask } from '../machines/tasks'
import { transcodeVideoTask } from '../videos/tasks'
import type { MailEvent } from './event-names'

/** How a task that ended is told of. Kinds and ends that are not named are not told of. */
export interface NotificationRule {
  done?: MailEvent
  failed?: MailEvent
  /** Whether what came of it is worth a mail; everything, if it does not say. */
  shouldNotify?: (result: unknown) => boolean
}

/**
 * A video is ready when it is transcoded: then it is watchable and has all its renditions, and pictures and
 * downloads need nobody. When its file cannot be read, the transcode that waited for it fails with it.
 */
export const notificationRules: Readonly<Record<string, NotificationRule>> = {
  [transcodeVideoTask.name]: { done: 'video.ready', failed: 'video.failed' },
  // Where nobody speaks there is nothing to read.
  [captionVideoTask.name]: { done: 'captions.ready', shouldNotify: hasCues },
  [provisionMachineTask.name]: { done: 'machine.ready', failed: 'machine.failed' },
}

function hasCues(result: unknown) {
  return Boolean((result as { cues?: number } | null)?.cues)
}
