import { z } from 'zod'
import { shareSchema } from '../shares/schema'
import { MAX_BULK_VIDEOS } from './bulk-limit'
import { videoSchema } from './schema'
import { tagsSchema } from './tag-schema'

const ids = z.array(z.uuid()).min(1).max(MAX_BULK_VIDEOS)

/** One change of many videos. */
export const bulkChangeSchema = z.discriminatedUnion('action', [
  z.object({
    ids,
    action: z
      .enum(['delete', 'restore', 'purge', 'retry', 'share'])
      .describe(
        'delete: move to the trash, from which restore takes them back. purge: destroy what is in the trash now. retry: retry what failed. share: a link to each with default settings, an existing one if there is one',
      ),
  }),
  z.object({ ids, action: z.literal('move'), folderId: z.uuid().nullable() }),
  z.object({
    ids,
    action: z.literal('tag'),
    add: tagsSchema.default([]),
    remove: tagsSchema.default([]),
  }),
])
export type BulkChange = z.infer<typeof bulkChangeSchema>

export const bulkResultSchema = z.object({
  results: z
    .array(
      z.object({
        id: z.uuid(),
        error: z
          .object({ code: z.string(), message: z.string() })
          .nullable()
          .describe('Why the change was not made; null if it was'),
        share: shareSchema.nullable().describe('The link of a shared video'),
      }),
    )
    .describe('One for each id, in the same order'),
  videos: z.array(videoSchema).describe('The videos as they are now'),
})
export type BulkResult = z.infer<typeof bulkResultSchema>

/** Query of the archive of uploaded files. */
export const sourcesQuerySchema = z.object({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(ids)
    .describe(`Ids separated by commas, at most ${MAX_BULK_VIDEOS}`),
})
