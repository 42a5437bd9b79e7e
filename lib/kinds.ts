import { accountKinds } from './accounts/tasks'
import { archiveKinds } from './archives/tasks'
import {
  captionPartTask,
  captionSpeakersTask,
  captionStartTask,
  captionVideoTask,
  extractSubtitlesTask,
  translateCaptionTask,
} from './captions/tasks'
import { importKinds } from './imports/tasks'
import { machineKinds } from './machines/tasks'
import { mailKinds } from './mail/tasks'
import { deliverPushTask } from './push/tasks'
import type { RecordKind } from './tasks/record-kind'
import type { TaskKind } from './tasks/task-kind'
import { refusedUpload } from './uploads/refused-upload'
import {
  changePosterTask,
  compressChunkTask,
  compressVideoTask,
  copyStreamsTask,
  earlyLookTask,
  generateThumbnailsTask,
  inspectVideoTask,
  packageVideoTask,
  replaceFileTask,
  transcodeChunkTask,
  transcodeStartTask,
  transcodeVideoTask,
  trimVideoTask,
  verifyVideoTask,
} from './videos/tasks'
import { deliverWebhookTask } from './webhooks/tasks'

/** Every kind of task that was never executed. */
export const recordKinds: readonly RecordKind[] = [refusedUpload]

/** Every kind of task. */
export const kinds: readonly TaskKind[] = [
  deliverWebhookTask,
  earlyLookTask,
  ...importKinds,
  inspectVideoTask,
  transcodeVideoTask,
  transcodeStartTask,
  transcodeChunkTask,
  copyStreamsTask,
  generateThumbnailsTask,
  changePosterTask,
  replaceFileTask,
  trimVideoTask,
  packageVideoTask,
  verifyVideoTask,
  compressVideoTask,
  compressChunkTask,
  ...machineKinds,
  captionVideoTask,
  captionStartTask,
  captionPartTask,
  captionSpeakersTask,
  translateCaptionTask,
  extractSubtitlesTask,
  ...mailKinds,
  deliverPushTask,
  ...accountKinds,
  ...archiveKinds,
]
