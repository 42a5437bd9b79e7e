import { z } from 'zod'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'
import { mediaSize, readSizesOfVideos, soundSize } from '../videos/task-sizes'
import { videoSubject } from '../videos/task-subject'
import { captionRequestSchema } from './schema'

/** Why a video gets no captions, with the label of the task then. */
const skippedLabels = { off: 'Captions are off', noAudio: 'No captions: there is no audio' }

/** The result of a transcription that was skipped. Earlier versions recorded no `skipped`. */
export interface SkippedCaptions {
  cues: 0
  skipped: keyof typeof skippedLabels
  /** A sentence for the user. */
  reason: string
}

/** Transcribes a video. Long transcriptions yield to waiting ones between chunks (decision 0032). */
export const captionVideoTask = defineTaskKind({
  name: 'video.caption',
  label: 'Generating captions',
  skippedLabel(result) {
    const { skipped } = (result ?? {}) as Partial<SkippedCaptions>
    return skipped ? skippedLabels[skipped] : null
  },
  isOptional: true,
  group: 'captions',
  usesStorage: true,
  subject: videoSubject,
  forecast: {
    readSizes: readSizesOfVideos(soundSize),
    cpu: { cores: 1, weight: 1 },
    hasSteadyProgress: true,
  },
  payload: captionRequestSchema.extend({
    videoId: z.uuid(),
    isBackground: z
      .boolean()
      .optional()
      .describe('Requested by an administrator for many videos: waits for all others, and is not mailed'),
  }),
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
