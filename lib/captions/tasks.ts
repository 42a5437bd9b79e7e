import { z } from 'zod'
import * as messages from '@/lib/generated/messages/caption-tasks'
import * as taskNames from '@/lib/generated/messages/task-names'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'
import { dividedSize, mediaSize, readSizesOfVideos, spokenSize } from '../videos/task-sizes'
import { videoSubject } from '../videos/task-subject'
import { captionRequestSchema } from './schema'

/** Why a video gets no captions, with the label of the task then. */
const skippedLabels = { off: messages.skippedOff, noAudio: messages.skippedNoAudio }

/** The result of a transcription that was skipped. Earlier versions recorded no `skipped`. */
export interface SkippedCaptions {
  cues: 0
  skipped: keyof typeof skippedLabels
  /** A sentence for the user. */
  reason: string
}

const request = captionRequestSchema.extend({
  videoId: z.uuid(),
  isBackground: z
    .boolean()
    .optional()
    .describe('Requested by an administrator for many videos: waits for all others, and is not mailed'),
})
const common = { group: 'captions', usesStorage: true, subject: videoSubject }

/** Transcribes a video. Plans its parts, which are of the two following kinds, and completes when they are done. */
export const captionVideoTask = defineTaskKind({
  name: 'video.caption',
  label: taskNames.generatingCaptions,
  ...common,
  skippedLabel(result) {
    const { skipped } = (result ?? {}) as Partial<SkippedCaptions>
    return skipped ? skippedLabels[skipped]() : null
  },
  isOptional: true,
  forecast: {
    readSizes: readSizesOfVideos(dividedSize),
    cpu: { cores: 0.1, weight: 1 },
    hasSteadyProgress: false,
  },
  payload: request,
  // It may download a model.
  queue: { concurrency: 2, retryDelaySeconds: 10, expireSeconds: 6 * 60 * 60 },
})

const part = {
  ...common,
  payload: request.extend({
    captionId: z.uuid(),
    startSeconds: z.number(),
    endSeconds: z.number().nullable(),
  }),
  isInternal: true,
  partOf: captionVideoTask.name,
}
const partQueue = { retryDelaySeconds: 10, expireSeconds: config().MEDIA_MAX_HOURS * 60 * 60 }
const transcription = {
  readSizes: readSizesOfVideos(spokenSize),
  pool: 'transcribe',
  hasSteadyProgress: true,
}

/** Transcribes the first part of a video, which does not wait for the other parts of any video. */
export const captionStartTask = defineTaskKind({
  name: 'video.caption-start',
  label: taskNames.transcribingStart,
  ...part,
  queue: { ...partQueue, concurrency: 1 },
  forecast: { ...transcription, cpu: { cores: 1, weight: 2 } },
})

/** Transcribes another part of a video. */
export const captionPartTask = defineTaskKind({
  name: 'video.caption-part',
  label: taskNames.transcribingPart,
  ...part,
  queue: { ...partQueue, concurrency: config().CAPTION_CONCURRENCY },
  forecast: { ...transcription, cpu: { cores: 1, weight: 1 } },
})

/** Finds the voices in a part of a video whose speakers are to be identified. Its result is their characteristics. */
export const captionSpeakersTask = defineTaskKind({
  name: 'video.caption-speakers',
  label: taskNames.identifyingSpeakers,
  ...part,
  queue: { ...partQueue, concurrency: 1 },
  forecast: {
    readSizes: readSizesOfVideos(spokenSize),
    hasSteadyProgress: false,
    cpu: { cores: 1, weight: 1 },
  },
})

/** Translates a track by the configured service. */
export const translateCaptionTask = defineTaskKind({
  name: 'video.caption-translation',
  label: taskNames.translatingCaptions,
  isOptional: true,
  group: 'captions',
  subject: videoSubject,
  payload: z.object({ videoId: z.uuid(), captionId: z.uuid(), originalId: z.uuid() }),
  queue: { concurrency: 2, retryDelaySeconds: 10, expireSeconds: 24 * 60 * 60 },
})

export const extractSubtitlesTask = defineTaskKind({
  name: 'video.subtitles',
  label: taskNames.importingSubtitles,
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
