import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'

/** Folders of one user. */
export const MAX_FOLDERS = 500

export const folderSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  videoCount: z.number().int().describe('Without those in the trash'),
  createdAt: z.iso.datetime(),
})
export type FolderDto = z.infer<typeof folderSchema>

export const folderNameSchema = z.object({
  name: z.string().overwrite(sanitizeText).min(1).max(100).describe('Unique among the folders of a user'),
})
