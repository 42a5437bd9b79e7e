import { config } from '@/lib/config/config'
import { importFileTask } from '@/lib/imports/tasks'
import type { TaskKind } from '@/lib/tasks/task-kind'
import { selectKindsOrExit } from './runtime/worker-queues'
import { deleteAccount } from './accounts/delete-account'
import { exportAccount } from './accounts/export-account'
import { createArchive } from './archives/create-archive'
import { importArchive } from './archives/import-archive'
import { captionPart, captionStart } from './captions/caption-part'
import { captionVideo } from './captions/caption-video'
import { translateCaption } from './captions/translation/translate-caption'
import { captionSpeakers } from './captions/speakers/caption-speakers'
import { extractSubtitles } from './captions/extract-subtitles'
import type { TaskHandler } from './runtime/handler'
import { defineHandler } from './runtime/handler'
import { importFile } from './imports/import-file'
import { importSample } from './imports/import-sample'
import { createImportUrl } from './imports/import-url'
import { executeScript } from './machines/handlers/execute-script'
import { provisionMachine } from './machines/handlers/provision-machine'
import { rebootMachine, startMachine, stopMachine } from './machines/handlers/power-actions'
import { resizeMachine } from './machines/handlers/resize-machine'
import { snapshotMachine } from './machines/handlers/snapshot-machine'
import { terminateMachine } from './machines/handlers/terminate-machine'
import { sendMailHandlers } from './mail/send-mail'
import { changePoster } from './video/change-poster'
import { deliverPush } from './push/deliver-push'
import { compressVideo } from './video/compress-video'
import { copyVideoStreams } from './video/copy-video-streams'
import { earlyLook } from './video/early-look'
import { generateThumbnails } from './video/generate-thumbnails'
import { inspectVideo } from './video/inspect-video'
import { packageVideo } from './video/package-video'
import { replaceFile } from './video/replace-file'
import { compressChunk, transcodeChunk, transcodeStart } from './video/transcode-chunk'
import { transcodeVideo } from './video/transcode-video'
import { trimVideo } from './video/trim/trim-video'
import { verifyVideo } from './video/verify-video'
import { deliverWebhook } from './webhooks/deliver-webhook'

/** The handler of every kind of task. */
const all: readonly TaskHandler[] = [
  defineHandler(deliverWebhook),
  defineHandler(earlyLook),
  defineHandler(createImportUrl()),
  defineHandler(importFile),
  defineHandler(importSample),
  defineHandler(inspectVideo),
  defineHandler(transcodeVideo),
  defineHandler(transcodeStart),
  defineHandler(transcodeChunk),
  defineHandler(copyVideoStreams),
  defineHandler(generateThumbnails),
  defineHandler(changePoster),
  defineHandler(replaceFile),
  defineHandler(trimVideo),
  defineHandler(packageVideo),
  defineHandler(verifyVideo),
  defineHandler(compressVideo),
  defineHandler(compressChunk),
  defineHandler(provisionMachine),
  defineHandler(startMachine),
  defineHandler(stopMachine),
  defineHandler(rebootMachine),
  defineHandler(resizeMachine),
  defineHandler(terminateMachine),
  defineHandler(snapshotMachine),
  defineHandler(executeScript),
  ...sendMailHandlers,
  defineHandler(deliverPush),
  defineHandler(captionVideo),
  defineHandler(captionStart),
  defineHandler(captionPart),
  defineHandler(captionSpeakers),
  defineHandler(translateCaption),
  defineHandler(extractSubtitles),
  defineHandler(exportAccount),
  defineHandler(deleteAccount),
  defineHandler(createArchive),
  defineHandler(importArchive),
]

export const handlers: ReadonlyMap<string, TaskHandler> = new Map(
  all.map((handler) => [handler.kind.name, handler]),
)

/** The handlers of the kinds that WORKER_QUEUES selects. Exits the process if it is invalid. */
export function takenHandlers() {
  const kinds = selectKindsOrExit(
    all.map(({ kind }) => kind),
    config().WORKER_QUEUES,
  )
  return new Map([...handlers].filter(([, { kind }]) => kinds.includes(kind) && canTake(kind)))
}

/** Files of the watched folder are imported by workers that have it. */
const canTake = (kind: TaskKind) => kind !== importFileTask || config().WATCH_DIR !== undefined
