import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'
import { MAX_TAG_LENGTH, MAX_TAGS } from './tag-limits'

/** In lower case, so that one word is one tag. Without commas, which separate tags in a query. */
const tagSchema = z
  .string()
  .overwrite((text) => sanitizeText(text).toLowerCase())
  .min(1)
  .max(MAX_TAG_LENGTH)
  .regex(/^[^,]*$/, 'must not contain a comma')

export const tagsSchema = z
  .array(tagSchema)
  .max(MAX_TAGS)
  .overwrite((tags) => [...new Set(tags)])

export const tagCountSchema = z.object({
  tag: z.string(),
  videoCount: z.number().int().describe('Without those in the trash'),
})
export type TagCount = z.infer<typeof tagCountSchema>
