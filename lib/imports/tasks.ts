import { z } from 'zod'
import { defineTaskKind } from '../tasks/task-kind'
import { videoSubject } from '../videos/task-subject'
import * as messages from '@/lib/generated/messages/task-names'

const common = { payload: z.object({ videoId: z.uuid() }), subject: videoSubject, usesStorage: true }
const queue = { concurrency: 3, expireSeconds: 23 * 60 * 60 }

/** Fetches the file of a video from a URL, and then registers it as if it had been uploaded. */
export const importUrlTask = defineTaskKind({
  name: 'video.import',
  label: messages.importing,
  ...common,
  queue,
})

/** As `importUrlTask`, for a file of the watched folder. Only workers that have one take it. */
export const importFileTask = defineTaskKind({
  name: 'video.import-file',
  label: messages.importingFile,
  ...common,
  queue,
})

/** As `importUrlTask`, for a video that ffmpeg generates. */
export const importSampleTask = defineTaskKind({
  name: 'video.import-sample',
  label: messages.generatingSample,
  ...common,
  queue: { concurrency: 1, expireSeconds: 60 * 60 },
})

export const importKinds = [importUrlTask, importFileTask, importSampleTask]
