import { z } from 'zod'
import { captionSchema } from '../captions/schema'
import { sanitizeMultilineText, sanitizeText } from '../text/sanitize'
import { taskErrorSchema, taskStateSchema } from '../tasks/schema'
import { chapterSchema } from './chapters'
import { damagedRangeSchema, metadataSchema } from './media-info'
import { tagsSchema } from './tag-schema'
import { trimSchema } from './trim/schema'

export const renditionSchema = z.object({
  name: z.string().describe('1080p, 720p, source, audio-0, audio-0-surround, 720p-av1 …'),
  mode: z.enum(['copy', 'encode', 'audio']),
  codec: z
    .enum(['h264', 'av1', 'hevc'])
    .nullable()
    .describe(
      'Of an encoded rendition. Those in av1 and hevc are created after the video is done, for space (EXTRA_CODECS)',
    ),
  height: z.number().int().nullable(),
  width: z.number().int().nullable(),
  state: taskStateSchema.describe('failed or canceled if its transcode ended before it was done'),
  progress: z.number().min(0).max(1),
  language: z.string().nullable().describe('BCP 47'),
  label: z.string().nullable().describe('The title of an audio track'),
  channels: z
    .number()
    .int()
    .nullable()
    .describe(
      'Of an audio track: 6 for one in 5.1 (audio-0-surround), beside its rendition in stereo (audio-0). Null for video, and for tracks of earlier versions',
    ),
  downloadUrl: z
    .string()
    .nullable()
    .describe(
      'MP4 file. Null until it is packaged: the video.package task of the video (GET /api/v1/tasks?kind=video.package&videoId=ID) reports the state of each download in detail.renditions. Always null for audio tracks, extra codecs and for a source that is an MP4 already (urls.download)',
    ),
})

/** Fields that are not given stay as they are. */
export const updateVideoSchema = z
  .object({
    title: z.string().overwrite(sanitizeText).min(1).max(200),
    description: z
      .string()
      .overwrite((text) => sanitizeMultilineText(text).trim())
      .max(5_000)
      .describe('Plain text'),
    folderId: z.uuid().nullable(),
    tags: tagsSchema,
    duplicateOfId: z.null().describe('Keeps a video that has the same file as another'),
  })
  .partial()
export type VideoUpdate = z.infer<typeof updateVideoSchema>

export const videoSchema = z.object({
  id: z.uuid(),
  title: z.string(),
  folderId: z.uuid().nullable(),
  tags: z.array(z.string()).describe('In lower case'),
  filename: z.string(),
  state: taskStateSchema.describe('The state of its transcode; queued while its file is uploaded'),
  isPlayable: z.boolean().describe('True from the first finished segment on'),
  upload: z
    .object({ receivedBytes: z.number().int(), sizeBytes: z.number().int() })
    .nullable()
    .describe(
      'While the file is uploaded, of which a part may be playable: how much has arrived. Null afterwards',
    ),
  hasVideo: z.boolean().nullable().describe('False for an audio file'),
  hasCover: z
    .boolean()
    .describe('Whether the poster is a picture: the cover art of the file, or an uploaded one'),
  posterSource: z
    .enum(['automatic', 'frame', 'picture'])
    .describe(
      'Whether the poster was selected automatically, or is a frame or a picture that its owner has chosen',
    ),
  error: taskErrorSchema.nullable(),
  missingSeconds: z
    .number()
    .nullable()
    .describe('How much shorter the media is than its file states, if the file is truncated or damaged'),
  damage: z
    .array(damagedRangeSchema)
    .describe(
      'Where pictures or sound are missing inside a damaged file, in order, at most 50 ranges: the last picture is held, and the sound is silent',
    ),
  leftOut: z
    .array(z.string())
    .describe('What the renditions lack, in sentences: tracks that cannot be decoded'),
  sizeBytes: z.number().int(),
  sha256: z.string().nullable().describe('Checksum of its file; null while it is uploaded'),
  isCut: z
    .boolean()
    .describe(
      'Whether a trim created its file: not the uploaded one, but the best rendition with all tracks',
    ),
  duplicateOfId: z
    .uuid()
    .nullable()
    .describe('An older video with the same file, unless the user has decided to keep both'),
  durationSeconds: z.number().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable().describe('When it was moved to the trash, where lists omit it'),
  purgeAt: z.iso.datetime().nullable().describe('When it is destroyed, if it is in the trash'),
  finishedAt: z.iso.datetime().nullable(),
  taskId: z.uuid().nullable().describe('The task that transcodes it'),
  renditions: z.array(renditionSchema),
  captions: z.array(captionSchema),
  urls: z.object({
    hls: z.string(),
    poster: z.string().nullable(),
    storyboard: z.string().nullable(),
    download: z.string().describe('The uploaded file; of a trimmed video, what remains of it as an MP4'),
    captions: z.string().describe('The caption tracks as JSON'),
    chapters: z.string().describe('The chapters as WebVTT'),
  }),
})

/** One video. Lists omit what files can make large. */
export const videoDetailsSchema = videoSchema.extend({
  description: z.string().nullable().describe('Plain text'),
  replacesId: z
    .uuid()
    .nullable()
    .describe('The video whose file this one replaces once it is transcoded. Such a video is in no list'),
  trim: trimSchema
    .nullable()
    .describe(
      'What a trimmed video shows of its whole file. Null if it is not trimmed, or that was discarded',
    ),
  chapters: z.array(chapterSchema).describe('Empty until the file is inspected, and if it has none'),
  metadata: metadataSchema,
})
export type VideoDetailsDto = z.infer<typeof videoDetailsSchema>
export type VideoDto = z.infer<typeof videoSchema>
export type RenditionDto = z.infer<typeof renditionSchema>

/** Query of a list of videos. */
export const videoListSchema = z.object({
  search: z.string().overwrite(sanitizeText).optional().describe('A part of the title'),
  folder: z
    .union([z.uuid(), z.literal('none')])
    .optional()
    .describe('The id of a folder, or none: videos in no folder'),
  tags: z
    .string()
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(tagsSchema)
    .optional()
    .describe('Tags separated by commas, all of which the videos have'),
  state: z
    .enum(['unfinished', 'done', 'failed', 'canceled'])
    .optional()
    .describe('Of its transcode. unfinished: queued or in progress'),
  deleted: z.stringbool().optional().describe('Whether to list the trash instead. Default: false'),
  sort: z.enum(['newest', 'oldest', 'title', 'longest', 'largest']).optional(),
  cursor: z.uuid().optional().describe('nextCursor of the previous page'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type VideoListState = NonNullable<z.infer<typeof videoListSchema>['state']>
export type VideoSort = NonNullable<z.infer<typeof videoListSchema>['sort']>

export interface VideoFilter extends z.infer<typeof videoListSchema> {
  ownerId: string
  ids?: string[]
}
