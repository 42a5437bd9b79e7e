// Over 200 lines because it describes every kind of task of a video in one place.

import { z } from 'zod'
import { config } from '../config/config'
import { defineTaskKind } from '../tasks/task-kind'
import * as messages from '@/lib/generated/messages/task-names'
import type { DamagedRange } from './media-info'
import { posterChoiceSchema } from './poster-schema'
import { videoSubject } from './task-subject'
import {
  chunkSize,
  dividedSize,
  mediaSize,
  pictureSize,
  readFileSizes,
  readSizesOfVideos,
  streamsSize,
} from './task-sizes'
import { hardwareEncoderSchema } from './video-encoders'

const common = { payload: z.object({ videoId: z.uuid() }), subject: videoSubject, usesStorage: true }

export const inspectVideoTask = defineTaskKind({
  name: 'video.inspect',
  label: messages.inspecting,
  ...common,
  forecast: { readSizes: readFileSizes, cpu: { cores: 0.7, weight: 1 }, hasSteadyProgress: false },
  // Reads the whole file, and copies it if its container has no index.
  queue: { concurrency: 2, expireSeconds: 4 * 60 * 60 },
})

/** Creates what can be played of a file whose upload is unfinished. */
export const earlyLookTask = defineTaskKind({
  name: 'video.early-look',
  label: messages.preparingEarlyLook,
  ...common,
  isInternal: true,
  queue: { concurrency: 1, expireSeconds: 60 * 60 },
})

/** Plans its parts, which are of the three following kinds, and completes when they are done. */
export const transcodeVideoTask = defineTaskKind({
  name: 'video.transcode',
  label: messages.transcoding,
  ...common,
  forecast: {
    readSizes: readSizesOfVideos(dividedSize),
    cpu: { cores: 0.1, weight: 1 },
    hasSteadyProgress: false,
  },
  queue: { concurrency: 4, expireSeconds: 60 * 60 },
})

/** The result of a transcode. */
export interface TranscodeResult {
  /** Names. */
  renditions: string[]
  /** How much shorter the media is than its file states; null if it is complete. */
  missingSeconds: number | null
  /** What the renditions lack, in sentences. Earlier versions did not record it. */
  leftOut?: string[]
  /** Where pictures or sound are missing inside the file. Earlier versions did not record it. */
  damage?: DamagedRange[]
  /** The same of the whole file, if the video is trimmed. */
  whole?: { missingSeconds: number | null; damage?: DamagedRange[] }
}

const chunk = {
  payload: z.object({
    videoId: z.uuid(),
    startSeconds: z.number(),
    endSeconds: z.number().nullable(),
    encoder: hardwareEncoderSchema.optional().describe('Default: software'),
  }),
  subject: videoSubject,
  usesStorage: true,
  isInternal: true,
  partOf: transcodeVideoTask.name,
  queue: { concurrency: config().TRANSCODE_CONCURRENCY, expireSeconds: config().MEDIA_MAX_HOURS * 60 * 60 },
}

const encoding = { readSizes: readSizesOfVideos(chunkSize), pool: 'encode', hasSteadyProgress: true }

/** Encodes all rungs of the first chunk of a video, which does not wait for the other chunks of any video. */
export const transcodeStartTask = defineTaskKind({
  name: 'video.transcode-start',
  label: messages.transcodingStart,
  ...chunk,
  forecast: { ...encoding, cpu: { cores: 4, weight: 3 } },
})

/** Encodes all rungs of another chunk. */
export const transcodeChunkTask = defineTaskKind({
  name: 'video.transcode-chunk',
  label: messages.transcodingPart,
  ...chunk,
  forecast: { ...encoding, cpu: { cores: 4, weight: 3 } },
})

/** The kinds of tasks that encode chunks of the ladder. */
export const chunkKindNames: string[] = [transcodeStartTask.name, transcodeChunkTask.name]

const extraCodec = { videoId: z.uuid(), codec: z.enum(['av1', 'hevc']) }

/** Encodes the ladder again in another codec. Plans its parts, which are of the next kind, and completes when they are done. */
export const compressVideoTask = defineTaskKind({
  name: 'video.compress',
  label: messages.compressing,
  payload: z.object(extraCodec),
  subject: videoSubject,
  usesStorage: true,
  isOptional: true,
  forecast: {
    readSizes: readSizesOfVideos(dividedSize),
    cpu: { cores: 0.1, weight: 1 },
    hasSteadyProgress: false,
  },
  queue: { concurrency: 1, expireSeconds: 60 * 60 },
})

/** Encodes all rungs of one codec of one chunk. */
export const compressChunkTask = defineTaskKind({
  name: 'video.compress-chunk',
  label: messages.compressingPart,
  ...chunk,
  payload: chunk.payload.extend(extraCodec),
  partOf: compressVideoTask.name,
  forecast: {
    readSizes: readSizesOfVideos(chunkSize),
    cpu: { cores: 4, weight: 1 },
    hasSteadyProgress: true,
  },
})

/** Copies the source rung and creates the audio renditions, as a whole. */
export const copyStreamsTask = defineTaskKind({
  name: 'video.transcode-streams',
  label: messages.copyingStreams,
  ...common,
  isInternal: true,
  partOf: transcodeVideoTask.name,
  forecast: {
    readSizes: readSizesOfVideos(streamsSize),
    cpu: { cores: 0.7, weight: 1 },
    hasSteadyProgress: true,
  },
  queue: { concurrency: 2, expireSeconds: config().MEDIA_MAX_HOURS * 60 * 60 },
})

export const generateThumbnailsTask = defineTaskKind({
  name: 'video.illustrate',
  label: messages.generatingThumbnails,
  ...common,
  forecast: {
    readSizes: readSizesOfVideos(pictureSize),
    cpu: { cores: 1, weight: 1 },
    hasSteadyProgress: false,
  },
  queue: { expireSeconds: 2 * 60 * 60 },
})

/** Makes the file of a video that is transcoded the file of another one. */
export const replaceFileTask = defineTaskKind({
  name: 'video.replace',
  label: messages.replacingFile,
  ...common,
  payload: z.object({
    videoId: z.uuid(),
    replacementId: z.uuid().describe('The video that has the new file until then'),
  }),
  isOptional: true,
  queue: { expireSeconds: 10 * 60 },
})

/** Trims a video to a range of its whole file. */
export const trimVideoTask = defineTaskKind({
  name: 'video.trim',
  label: messages.trimming,
  ...common,
  payload: z.object({
    videoId: z.uuid(),
    trimmedId: z.uuid().describe('The video that has the trimmed files until then'),
    baseFilesId: z
      .uuid()
      .optional()
      .describe('The folder of the whole file; earlier versions did not record it'),
    startSeconds: z.number(),
    endSeconds: z.number(),
  }),
  isOptional: true,
  forecast: {
    readSizes: readSizesOfVideos(mediaSize),
    cpu: { cores: 1, weight: 1 },
    hasSteadyProgress: true,
  },
  queue: { concurrency: 2, expireSeconds: 4 * 60 * 60 },
})

/** Creates the poster that the owner of a video has chosen. */
export const changePosterTask = defineTaskKind({
  name: 'video.poster',
  label: messages.changingThumbnail,
  ...common,
  payload: z.object({ videoId: z.uuid(), choice: posterChoiceSchema }),
  isOptional: true,
  queue: { expireSeconds: 10 * 60 },
})

/** Compares samples of the renditions with the source. */
export const verifyVideoTask = defineTaskKind({
  name: 'video.verify',
  label: messages.checkingQuality,
  ...common,
  isOptional: true,
  queue: { expireSeconds: 60 * 60 },
})

export const packageVideoTask = defineTaskKind({
  name: 'video.package',
  label: messages.packagingDownloads,
  ...common,
  forecast: {
    readSizes: readSizesOfVideos(mediaSize),
    cpu: { cores: 0.5, weight: 1 },
    hasSteadyProgress: false,
  },
  queue: { expireSeconds: 4 * 60 * 60 },
})
