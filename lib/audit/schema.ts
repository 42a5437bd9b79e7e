import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'
import { auditActions } from './actions'

const textSchema = z.string().trim().overwrite(sanitizeText).max(200)

/** What an administrator searches the audit log for. */
export const auditFilterSchema = z.object({
  actor: textSchema.optional().describe('Part of the email address, or the id of a user'),
  action: z.enum(auditActions).optional(),
  text: textSchema.optional().describe('Part of the subject, address, user agent or detail'),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
})
export type AuditFilter = z.infer<typeof auditFilterSchema>

export const auditListSchema = auditFilterSchema.extend({
  cursor: z.uuid().optional().describe('nextCursor of the previous page'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const auditEntrySchema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actorId: z.string().nullable(),
  actorEmail: z.string().nullable().describe('The email address at that time'),
  actorKind: z.enum(['session', 'key', 'system']),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  action: z.string(),
  subjectType: z.string().nullable(),
  subjectId: z.string().nullable(),
  outcome: z.enum(['success', 'failure']),
  detail: z.record(z.string(), z.unknown()).nullable(),
})
export type AuditEntryDto = z.infer<typeof auditEntrySchema>
