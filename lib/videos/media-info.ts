import { z } from 'zod'

/** Files that earlier versions inspected have none. */
const place = {
  startSeconds: z.number().default(0).describe('First picture or sound on the timeline of the file'),
  endSeconds: z.number().nullable().default(null).describe('End of the last one'),
}

const audioTrackSchema = z.object({
  index: z.number().int().describe('Stream index in the file'),
  codec: z.string(),
  profile: z.string().nullable(),
  channels: z.number().int(),
  sampleRate: z.number().int(),
  ...place,
  language: z.string().nullable(),
  title: z.string().nullable(),
  isDefault: z.boolean(),
  isCopyable: z.boolean().describe('AAC LC, at most stereo: every browser plays it without conversion'),
  surround: z
    .enum(['copy', 'encode'])
    .nullable()
    .default(null)
    .describe('How a rendition in 5.1 is created: copied from AAC LC 5.1, or encoded from 5.1 or 7.1'),
})

const colorSchema = z
  .object({
    range: z.string().nullable(),
    matrix: z.string().nullable(),
    primaries: z.string().nullable(),
    transfer: z.string().nullable(),
  })
  .describe('Labels in the notation of ffmpeg; null where the file has none. Earlier versions recorded none')

const videoTrackSchema = z.object({
  index: z.number().int().describe('Stream index in the file'),
  codec: z.string(),
  profile: z.string().nullable(),
  level: z.number().int().nullable().describe('In the notation of the codec: 41 is 4.1 for H.264'),
  width: z.number().int().describe('Displayed width: rotated and with square pixels'),
  height: z.number().int().describe('Displayed height'),
  codedWidth: z.number().int(),
  codedHeight: z.number().int(),
  rotation: z
    .number()
    .int()
    .describe('Degrees clockwise that a player rotates the picture: 0, 90, 180 or 270'),
  sampleAspectRatio: z.number().positive().describe('Width of a pixel divided by its height'),
  pixelFormat: z.string(),
  bitDepth: z.number().int(),
  frameRate: z.number().positive().describe('Frames per second at regular intervals'),
  isVariableFrameRate: z.boolean().describe('Frames are skipped while nothing moves'),
  timeBaseSeconds: z.number().positive().describe('One tick of the frame timestamps'),
  ...place,
  isInterlaced: z.boolean(),
  isHdr: z.boolean(),
  isToneMapped: z
    .boolean()
    .default(true)
    .describe('False for HDR in a color space that cannot be converted to SDR'),
  color: colorSchema.nullable().default(null),
  hasAlpha: z.boolean().default(false),
  keyframeGapSeconds: z.number().describe('Longest time without a key frame'),
  isWebSafe: z
    .boolean()
    .describe(
      'Browsers can play a stream copy: H.264 up to High profile, 4:2:0 8 bit, not rotated, square pixels, progressive, frequent key frames',
    ),
})

const subtitleTrackSchema = z.object({
  index: z.number().int().describe('Stream index in the file'),
  codec: z.string(),
  language: z.string().nullable(),
  title: z.string().nullable(),
  isText: z.boolean().describe('False for bitmap subtitles'),
})

export const metadataSchema = z
  .object({
    title: z.string().nullable(),
    artist: z.string().nullable(),
    album: z.string().nullable(),
    date: z
      .string()
      .nullable()
      .describe('ISO 8601, a year at least, where the format is unmistakable; otherwise as stated'),
    description: z.string().nullable(),
  })
  .describe('What the file states about its content')

export const NO_METADATA = { title: null, artist: null, album: null, date: null, description: null }

/** Longest accepted duration. Containers can state any duration, and playlists list each minute. */
export const MAX_DURATION_SECONDS = 100 * 60 * 60

export const damagedRangeSchema = z.object({
  startSeconds: z.number().min(0),
  endSeconds: z.number().positive(),
})

/** Result of the inspection of an uploaded file. */
export const mediaInfoSchema = z.object({
  demuxer: z.string().describe('ffmpeg demuxer, detected from the content of the file'),
  sourceDemuxer: z
    .string()
    .optional()
    .describe('That of the uploaded file, which differs if tasks read an indexed copy'),
  durationSeconds: z.number().positive().describe('From the first to the last picture or sound'),
  statedSeconds: z.number().optional().describe('Duration by the header; longer if the file is cut off'),
  sizeBytes: z.number().int(),
  bitsPerSecond: z.number(),
  video: videoTrackSchema.nullable(),
  unusedVideoTracks: z.number().int().default(0),
  damage: z
    .array(damagedRangeSchema)
    .default([])
    .describe('Where pictures or sound are missing inside the file, in order'),
  audio: z.array(audioTrackSchema),
  subtitles: z.array(subtitleTrackSchema).default([]),
  coverIndex: z
    .number()
    .int()
    .nullable()
    .default(null)
    .describe('Stream index of the cover art in the uploaded file'),
  metadata: metadataSchema.default(NO_METADATA),
})

export type MediaInfo = z.infer<typeof mediaInfoSchema>
export type VideoMetadata = z.infer<typeof metadataSchema>
export type DamagedRange = z.infer<typeof damagedRangeSchema>
export type VideoTrackInfo = z.infer<typeof videoTrackSchema>
export type SubtitleTrackInfo = z.infer<typeof subtitleTrackSchema>
export type AudioTrackInfo = z.infer<typeof audioTrackSchema>

/** The audio that is transcribed; undefined if there is none. */
export const defaultAudioTrack = (audio: readonly AudioTrackInfo[]) =>
  audio.find(({ isDefault }) => isDefault) ?? audio[0]
