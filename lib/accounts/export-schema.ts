import { z } from 'zod'
import { taskStateSchema } from '../tasks/schema'

export const accountExportSchema = z.object({
  id: z.uuid(),
  taskId: z.uuid().nullable(),
  state: taskStateSchema,
  progress: z.number().describe('0 to 1'),
  sizeBytes: z.number().int().nullable().describe('Once it is done'),
  expiresAt: z.iso.datetime().nullable().describe('When the archive is deleted'),
  createdAt: z.iso.datetime(),
  urls: z.object({ download: z.string().nullable() }),
})
export type AccountExportDto = z.infer<typeof accountExportSchema>

export const deleteAccountSchema = z.object({
  confirmation: z.string().max(254).describe('The email address of the account'),
  password: z.string().max(200).optional().describe('Required if the account has a password'),
})
