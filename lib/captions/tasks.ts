import { z } from 'zod'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'
import { videoSubject } from '../videos/task-subject'
import { captionRequestSchema } from './schema'

/** Transcribes a video. Long transcriptions yield to waiting ones between chunks (decision 0032). */
export const captionVideoTask = defineTaskKind({
  name: 'video.caption',
  label: 'Generating captions',
  isOptional: true,
  group: 'captions',
  usesStorage: true,
  subject: videoSubject,
  payload: captionRequestSchema.extend({ videoId: z.uuid() }),
  queue: {
    concurrency: config().CAPTION_CONCURRENCY,
    retryDelaySeconds: 10,
    expireSeconds: config().MEDIA_MAX_HOURS * 60 * 60,
  },
})

export const extractSubtitlesTask = defineTaskKind({
  name: 'video.subtitles',
  label: 'Importing subtitles',
  isOptional: true,
  group: 'captions',
  usesStorage: true,
  subject: videoSubject,
  payload: z.object({ videoId: z.uuid() }),
  queue: { expireSeconds: 30 * 60 },
})
