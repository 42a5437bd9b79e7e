import { z } from 'zod'
import { sanitizeFilename, sanitizeText } from '../text/sanitize'
import { MAX_REFUSED_FILES, refusalReasons } from './refusal-reasons'

/** Files that a page has refused before they were sent. */
export const refusedFilesSchema = z.object({
  files: z
    .array(
      z.object({
        filename: z.string().min(1).max(1_000).overwrite(sanitizeFilename),
        sizeBytes: z.number().int().nonnegative(),
        type: z.string().max(200).overwrite(sanitizeText).default(''),
        reason: z.enum(refusalReasons),
      }),
    )
    .min(1)
    .max(MAX_REFUSED_FILES),
})
export type RefusedFiles = z.infer<typeof refusedFilesSchema>['files']
