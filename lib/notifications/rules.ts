import { exportAccountTask } from '../accounts/tasks'
import { createArchiveTask, importArchiveTask } from '../archives/tasks'
import { captionVideoTask } from '../captions/tasks'
import { importFileTask, importSampleTask, importUrlTask } from '../imports/tasks'
import { provisionMachineTask } from '../machines/tasks'
import { replaceFileTask, transcodeVideoTask, trimVideoTask } from '../videos/tasks'
import type { NotificationEvent } from './events'

/** The events of the outcomes of a task. Outcomes and kinds without an event cause no notification. */
export interface NotificationRule {
  done?: NotificationEvent
  failed?: NotificationEvent
  /** Whether this result of a completed task causes one. Default: always. */
  shouldNotify?: (result: unknown) => boolean
}

/**
 * A video is ready when it is transcoded; thumbnails and downloads follow without a notification. If the inspection fails,
 * the transcode that depends on it fails too.
 */
export const notificationRules: Readonly<Record<string, NotificationRule>> = {
  [transcodeVideoTask.name]: { done: 'video.ready', failed: 'video.failed' },
  [replaceFileTask.name]: { done: 'video.ready', failed: 'video.failed' },
  [trimVideoTask.name]: { done: 'video.ready', failed: 'video.failed' },
  // One that is done continues with the transcode.
  [importUrlTask.name]: { failed: 'video.failed' },
  [importFileTask.name]: { failed: 'video.failed' },
  [importSampleTask.name]: { failed: 'video.failed' },
  [captionVideoTask.name]: {
    done: 'captions.ready',
    failed: 'captions.failed',
    shouldNotify: areNewCaptions,
  },
  [provisionMachineTask.name]: { done: 'machine.ready', failed: 'machine.failed' },
  [createArchiveTask.name]: { done: 'archive.ready', failed: 'archive.failed' },
  [importArchiveTask.name]: { done: 'archive.imported', failed: 'archive.failed' },
  [exportAccountTask.name]: { done: 'export.ready' },
}

/** A video without speech has no captions, and no user waits for those that an administrator requests for all videos. */
function areNewCaptions(result: unknown) {
  const { cues, isBackground } = (result ?? {}) as { cues?: number; isBackground?: boolean }
  return Boolean(cues) && !isBackground
}
