import { captionVideoTask } from '../captions/tasks'
import { provisionMachineTask } from '../machines/tasks'
import { transcodeVideoTask } from '../videos/tasks'
import type { MailEvent } from './event-names'

/** The events of a finished task. Kinds and outcomes without an event are not mailed. */
export interface NotificationRule {
  done?: MailEvent
  failed?: MailEvent
  /** Whether a result is worth a mail. Default: always. */
  shouldNotify?: (result: unknown) => boolean
}

/**
 * A video is ready once it is transcoded; thumbnails and downloads follow without a mail. When inspection fails, the
 * dependent transcode fails with it.
 */
export const notificationRules: Readonly<Record<string, NotificationRule>> = {
  [transcodeVideoTask.name]: { done: 'video.ready', failed: 'video.failed' },
  // A video without speech has no captions.
  [captionVideoTask.name]: { done: 'captions.ready', shouldNotify: hasCues },
  [provisionMachineTask.name]: { done: 'machine.ready', failed: 'machine.failed' },
}

function hasCues(result: unknown) {
  return Boolean((result as { cues?: number } | null)?.cues)
}
