import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'

const GiB = 1024 ** 3
const MAX_BYTES = 1_000_000 * GiB

const roleSchema = z.enum(['admin', 'member'])

/** Limits of a user; null for the default of the configuration. */
const limitsSchema = z.object({
  storageBytes: z.number().int().min(0).max(MAX_BYTES).nullable(),
  machines: z.number().int().min(0).max(100_000).nullable(),
  cpus: z.number().int().min(0).max(100_000).nullable(),
  memoryMiB: z.number().int().min(0).max(1_000_000_000).nullable(),
  diskMiB: z.number().int().min(0).max(1_000_000_000).nullable(),
})

const permissionsSchema = z.object({
  canUseMachines: z.boolean(),
  canUseInternet: z.boolean().describe('Whether machines may have outbound network'),
  canForwardPorts: z.boolean(),
  canUseWebhooks: z.boolean(),
})

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  isEmailVerified: z.boolean(),
  disabledAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  limits: limitsSchema.describe('null: the default of the server'),
  permissions: permissionsSchema,
})
export type UserDto = z.infer<typeof userSchema>

export const userDetailSchema = userSchema.extend({
  sessions: z.number().int(),
  keys: z.number().int(),
  videos: z.number().int(),
  storedBytes: z.number().int().describe('Size of the uploaded files'),
  machines: z.number().int(),
  hasTwoFactor: z.boolean().describe('An authenticator or a passkey'),
  defaults: z.record(limitsSchema.keyof(), z.number()).describe('The limits of the server'),
})
export type UserDetailDto = z.infer<typeof userDetailSchema>

export const userListSchema = z.object({
  search: z.string().trim().overwrite(sanitizeText).max(200).optional().describe('Part of the email or name'),
  cursor: z.string().overwrite(sanitizeText).max(100).optional().describe('nextCursor of the previous page'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const updateUserSchema = z.object({
  role: roleSchema.optional(),
  isDisabled: z.boolean().optional(),
  limits: limitsSchema.partial().optional(),
  permissions: permissionsSchema.partial().optional(),
})
export type UpdateUser = z.infer<typeof updateUserSchema>

export const signOutUserSchema = z.object({
  keys: z.boolean().default(false).describe('Revoke the API keys as well'),
})

export const createInvitationSchema = z.object({
  email: z.email().max(254).toLowerCase(),
  role: roleSchema.default('member'),
  expiresInDays: z.number().int().min(1).max(30).default(7),
})

export const invitationSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  role: roleSchema,
  expiresAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
})
export type InvitationDto = z.infer<typeof invitationSchema>

export const invitationWithUrlSchema = invitationSchema.extend({
  url: z.string().describe('The link for the invited user, shown only once'),
})
export type InvitationWithUrl = z.infer<typeof invitationWithUrlSchema>

export const acceptInvitationSchema = z.object({
  token: z.string().min(1).max(200),
  name: z.string().overwrite(sanitizeText).max(100).default(''),
  password: z.string().min(10).max(200),
})
