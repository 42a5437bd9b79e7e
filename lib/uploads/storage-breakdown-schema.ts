import { z } from 'zod'

const bytes = z.number().int()

const partsSchema = z.object({
  sourceBytes: bytes.describe('Uploaded files'),
  renditionBytes: bytes.describe('Renditions, with their downloads'),
  captionBytes: bytes.describe('Captions, with their revisions'),
  otherBytes: bytes.describe('Posters, storyboards, and indexed copies of uploaded files'),
})

export const storageSchema = z.object({
  usedBytes: bytes,
  limitBytes: bytes.describe('The quota'),
  ...partsSchema.shape,
  uploadBytes: bytes.describe('Reserved for unfinished uploads'),
  archiveBytes: bytes.describe('Encrypted archives'),
  trashBytes: bytes.describe('Of all that, what deleted videos take until they are destroyed'),
  videos: z
    .array(
      z.object({
        id: z.uuid(),
        title: z.string(),
        isInTrash: z.boolean(),
        totalBytes: bytes,
        ...partsSchema.shape,
      }),
    )
    .describe('Those that take the most, the largest first'),
})
export type StorageDto = z.infer<typeof storageSchema>

export const storageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).optional().describe('Of videos. Default: 20'),
})
