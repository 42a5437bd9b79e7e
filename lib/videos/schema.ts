import { z } from 'zod'
import { captionSchema } from '../captions/schema'
import { sanitizeText } from '../text/sanitize'
import { taskErrorSchema, taskStateSchema } from '../tasks/schema'

export const renditionSchema = z.object({
  name: z.string().describe('1080p, 720p, source, audio-0 …'),
  mode: z.enum(['copy', 'encode', 'audio']),
  height: z.number().int().nullable(),
  width: z.number().int().nullable(),
  state: taskStateSchema,
  progress: z.number().min(0).max(1),
  language: z.string().nullable().describe('BCP 47'),
  label: z.string().nullable().describe('The title of an audio track'),
  downloadUrl: z.string().nullable(),
})

/** How a video is renamed. */
export const updateVideoSchema = z.object({ title: z.string().overwrite(sanitizeText).min(1).max(200) })

/** A video as the outside sees it. */
export const videoSchema = z.object({
  id: z.uuid(),
  title: z.string(),
  filename: z.string(),
  state: taskStateSchema.describe('How far the work on it is'),
  isPlayable: z.boolean().describe('True from the first finished segment on'),
  hasVideo: z.boolean().nullable().describe('False for an audio file'),
  error: taskErrorSchema.nullable(),
  missingSeconds: z
    .number()
    .nullable()
    .describe('How much less there is than the file says, where it was cut off or is damaged'),
  sizeBytes: z.number().int(),
  sha256: z.string().describe('Checksum of the uploaded file'),
  durationSeconds: z.number().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  taskId: z.uuid().nullable().describe('The task that makes it watchable'),
  renditions: z.array(renditionSchema),
  captions: z.array(captionSchema),
  urls: z.object({
    hls: z.string(),
    poster: z.string().nullable(),
    storyboard: z.string().nullable(),
    download: z.string().describe('The file as it was uploaded'),
    captions: z.string().describe('The tracks of captions, as JSON'),
  }),
})
export type VideoDto = z.infer<typeof videoSchema>
export type RenditionDto = z.infer<typeof renditionSchema>
