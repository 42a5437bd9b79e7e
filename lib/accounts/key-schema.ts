import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'
import { apiScopes } from './scopes'

export const MAX_KEYS = 20

export const createKeySchema = z.object({
  name: z.string().overwrite(sanitizeText).min(1).max(32),
  scopes: z
    .array(z.enum(apiScopes))
    .min(1)
    .transform((scopes) => [...new Set(scopes)])
    .default(['all'])
    .describe('What the key may be used for. all: everything that its user may do'),
  expiresInDays: z.number().int().min(1).max(365).nullable().default(null).describe('null: never'),
})

export const keySchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  start: z.string().nullable().describe('The first characters of the key'),
  scopes: z.array(z.enum(apiScopes)),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().describe('Accurate to a minute'),
})
export type KeyDto = z.infer<typeof keySchema>

export const keyWithSecretSchema = keySchema.extend({
  key: z.string().describe('The key itself (mw_…), shown only once'),
})
export type KeyWithSecret = z.infer<typeof keyWithSecretSchema>
