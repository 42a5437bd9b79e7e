import { z } from 'zod'

export const audioTrackSchema = z.object({
  index: z.number().int().describe('Stream index in the file'),
  codec: z.string(),
  channels: z.number().int(),
  sampleRate: z.number().int(),
  language: z.string().nullable(),
  title: z.string().nullable(),
  isCopyable: z.boolean().describe('AAC LC, at most stereo: plays in every browser as it is'),
})

/** What is inside an uploaded file, as far as the rest of the app needs to know. */
export const mediaInfoSchema = z.object({
  demuxer: z.string().describe('ffmpeg demuxer, chosen by the first bytes of the file'),
  durationSeconds: z.number().positive(),
  video: z
    .object({
      index: z.number().int(),
      codec: z.string(),
      width: z.number().int().describe('As shown: after rotation and with square pixels'),
      height: z.number().int().describe('As shown'),
      frameRate: z.number().positive(),
      isInterlaced: z.boolean(),
      isHdr: z.boolean(),
      isWebSafe: z.boolean().describe('H.264 up to High, 4:2:0 8 bit, upright, square pixels, progressive'),
    })
    .nullable(),
  audio: z.array(audioTrackSchema),
})

export type MediaInfo = z.infer<typeof mediaInfoSchema>
export type AudioTrackInfo = z.infer<typeof audioTrackSchema>
