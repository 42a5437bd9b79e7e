import { z } from 'zod'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'
import { mediaSize, readSizesOfVideos, soundSize } from '../videos/task-sizes'
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
  forecast: {
    readSizes: readSizesOfVideos(soundSize),
    cpu: { cores: 1, weight: 1 },
    hasSteadyProgress: true,
  },
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
  forecast: {
    readSizes: readSizesOfVideos(mediaSize),
    cpu: { cores: 0.5, weight: 1 },
    hasSteadyProgress: false,
  },
  payload: z.object({ videoId: z.uuid() }),
  queue: { expireSeconds: 30 * 60 },
})
