import { z } from 'zod'

const similaritySchema = z.object({
  atSeconds: z.number(),
  mean: z.number().describe('Mean SSIM of the pictures of a segment to the source; 1 is equal'),
  lowest: z.number(),
})

const soundDelaySchema = z.object({
  atSeconds: z.number(),
  delaySeconds: z
    .number()
    .nullable()
    .describe('How much later than in the source the sound plays; null where silence or repetition hides it'),
})

/** What the samples of a rendition show. */
export const renditionCheckSchema = z.object({
  name: z.string(),
  similarity: z.array(similaritySchema),
  soundDelays: z.array(soundDelaySchema),
  problems: z
    .array(z.string())
    .describe('What is wrong with it, in sentences. An encoded rendition with a problem is withdrawn'),
})
export type RenditionCheck = z.infer<typeof renditionCheckSchema>

const trackSchema = z.object({
  kind: z.enum(['video', 'audio', 'subtitles']),
  description: z.string().describe('Codec, size, rate, channels …'),
})

const changeSchema = z.object({ change: z.string(), reason: z.string() })
export type Change = z.infer<typeof changeSchema>

const checkedRenditionSchema = renditionCheckSchema.omit({ name: true }).extend({
  name: z.string(),
  mode: z.enum(['copy', 'encode', 'audio']),
  state: z.string(),
  codecs: z.string().nullable().describe('RFC 6381'),
  sizeBytes: z.number().int(),
  segments: z.number().int(),
  longestSegmentSeconds: z.number(),
  endSeconds: z.number(),
  keyframeGrid: z
    .string()
    .nullable()
    .describe('Where its segments begin, which is where its key frames are; null for sound'),
  initSha256: z.string().nullable().describe('Checksum of the init segment'),
})

/** What a file contained, what was changed and why, and what samples of the renditions show. */
export const proofSheetSchema = z.object({
  videoId: z.uuid(),
  title: z.string(),
  source: z.object({
    filename: z.string(),
    sizeBytes: z.number().int(),
    sha256: z.string(),
    container: z.string(),
    durationSeconds: z.number(),
    statedSeconds: z.number(),
    tracks: z.array(trackSchema),
  }),
  changes: z.array(changeSchema),
  renditions: z.array(checkedRenditionSchema),
  isChecked: z.boolean().describe('False until the samples were taken, and for videos of earlier versions'),
})
export type ProofSheet = z.infer<typeof proofSheetSchema>
