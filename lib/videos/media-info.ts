import { z } from 'zod'

export const audioTrackSchema = z.object({
  index: z.number().int().describe('Stream index in the file'),
  codec: z.string(),
  profile: z.string().nullable(),
  channels: z.number().int(),
  sampleRate: z.number().int(),
  language: z.string().nullable(),
  title: z.string().nullable(),
  isDefault: z.boolean(),
  isCopyable: z.boolean().describe('AAC LC, at most stereo: plays in every browser as it is'),
})

export const videoTrackSchema = z.object({
  index: z.number().int().describe('Stream index in the file'),
  codec: z.string(),
  profile: z.string().nullable(),
  level: z.number().int().nullable().describe('As the codec counts: 41 is 4.1 for H.264'),
  width: z.number().int().describe('As shown: after rotation and with square pixels'),
  height: z.number().int().describe('As shown'),
  codedWidth: z.number().int(),
  codedHeight: z.number().int(),
  rotation: z
    .number()
    .int()
    .describe('Degrees clockwise the picture is turned to be shown: 0, 90, 180 or 270'),
  sampleAspectRatio: z.number().positive().describe('Width of a pixel over its height'),
  pixelFormat: z.string(),
  bitDepth: z.number().int(),
  frameRate: z.number().positive().describe('Per second, where frames follow each other regularly'),
  isVariableFrameRate: z.boolean().describe('Frames are left out where nothing moves'),
  timeBaseSeconds: z.number().positive().describe('One tick of the clock that frames are timed by'),
  isInterlaced: z.boolean(),
  isHdr: z.boolean(),
  keyframeGapSeconds: z.number().describe('The longest time without a key frame at the start of the file'),
  isWebSafe: z
    .boolean()
    .describe(
      'Browsers play it by stream copy: H.264 up to High, 4:2:0 8 bit, upright, square pixels, progressive, key frames often enough',
    ),
})

export const subtitleTrackSchema = z.object({
  index: z.number().int().describe('Stream index in the file'),
  codec: z.string(),
  language: z.string().nullable(),
  title: z.string().nullable(),
  isText: z.boolean().describe('False where they are pictures'),
})

/** The longest recording that is taken. A container can state any length; lists are made of each of its minutes. */
export const MAX_DURATION_SECONDS = 100 * 60 * 60

/** What is inside an uploaded file, as far as the rest of the app needs to know. */
export const mediaInfoSchema = z.object({
  demuxer: z.string().describe('ffmpeg demuxer, chosen by the first bytes of the file'),
  durationSeconds: z.number().positive(),
  sizeBytes: z.number().int(),
  bitsPerSecond: z.number(),
  video: videoTrackSchema.nullable(),
  audio: z.array(audioTrackSchema),
  subtitles: z.array(subtitleTrackSchema).default([]),
})

export type MediaInfo = z.infer<typeof mediaInfoSchema>
export type VideoTrackInfo = z.infer<typeof videoTrackSchema>
export type SubtitleTrackInfo = z.infer<typeof subtitleTrackSchema>
export type AudioTrackInfo = z.infer<typeof audioTrackSchema>
