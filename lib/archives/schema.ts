import { z } from 'zod'
import * as messages from '@/lib/generated/messages/archive-errors'
import { taskStateSchema } from '../tasks/schema'

/** Of one archive. */
export const MAX_VIDEOS = 200

/** Long enough that guessing it offline, at the cost of scrypt per try, is hopeless for all but weak sentences. */
const passphraseSchema = z.string().min(12).max(200)

/** Public keys of age: X25519 (`age1…`), or hybrid post-quantum (`age1pq1…`). */
const recipientSchema = z.string().regex(/^age1[a-z\d]{50,2100}$/, {
  error: () => messages.notARecipient(),
})

export const createArchiveSchema = z
  .object({
    videoIds: z.array(z.uuid()).min(1).max(MAX_VIDEOS),
    originals: z.boolean().default(true).describe('The files as uploaded'),
    renditions: z.boolean().default(false).describe('The downloads in MP4'),
    captions: z.boolean().default(true).describe('All finished tracks, as WebVTT'),
    passphrase: passphraseSchema
      .optional()
      .describe('Stored encrypted, and removed when the task ends. Either this or `recipients`'),
    recipients: z.array(recipientSchema).min(1).max(20).optional().describe('Public keys of age: `age1…`'),
  })
  .refine(({ passphrase, recipients }) => (passphrase === undefined) !== (recipients === undefined), {
    error: () => messages.passphraseOrRecipients(),
    path: ['passphrase'],
  })
  .refine(({ originals, renditions, captions }) => originals || renditions || captions, {
    error: () => messages.noContents(),
    path: ['originals'],
  })
export type CreateArchiveRequest = z.infer<typeof createArchiveSchema>

export const archiveSchema = z.object({
  id: z.uuid(),
  taskId: z.uuid().nullable(),
  state: taskStateSchema,
  progress: z.number().describe('0 to 1'),
  titles: z.array(z.string()).describe('Of its videos, when it was requested'),
  sizeBytes: z.number().int().nullable().describe('Once it is done'),
  expiresAt: z.iso.datetime().nullable().describe('When the archive is deleted'),
  createdAt: z.iso.datetime(),
  error: z.string().nullable(),
  urls: z.object({ download: z.string().nullable() }),
})
export type ArchiveDto = z.infer<typeof archiveSchema>

export const importArchiveSchema = z
  .object({
    uploadId: z.uuid().describe('Of a complete tus upload of a file named `.age`'),
    passphrase: z.string().min(1).max(200).optional(),
    identity: z
      .string()
      .regex(/^AGE-SECRET-KEY-(PQ-)?1[A-Z\d]{50,100}$/, { error: () => messages.notAnIdentity() })
      .optional()
      .describe('A secret key of age. Either this or `passphrase`; removed when the task ends'),
  })
  .refine(({ passphrase, identity }) => (passphrase === undefined) !== (identity === undefined), {
    error: () => messages.passphraseOrIdentity(),
    path: ['passphrase'],
  })
export type ImportArchiveRequest = z.infer<typeof importArchiveSchema>

/** An archive that was uploaded and is not imported yet. */
export const uploadedArchiveSchema = z.object({
  uploadId: z.uuid(),
  filename: z.string(),
  sizeBytes: z.number().int(),
  expiresAt: z.iso.datetime().describe('When it is deleted unless it is imported'),
  taskId: z.uuid().nullable().describe('Of its latest import'),
  state: taskStateSchema.nullable(),
  error: z.string().nullable(),
})
export type UploadedArchiveDto = z.infer<typeof uploadedArchiveSchema>
