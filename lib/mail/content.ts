import { z } from 'zod'
import { mailEventNames } from '../notifications/events'
import { securityEventNames } from './security-events'

const outcomeSchema = z.object({
  event: z.enum(mailEventNames),
  title: z.string(),
  href: z.url(),
  detail: z.string().nullable(),
})
const linkSchema = z.object({ name: z.string(), href: z.url() })

/** The data of each template. Text of users is not escaped here but by the templates. */
const mailContentSchemas = {
  order: z.object({
    number: z.number().int(),
    machine: z.string(),
    facts: z.array(z.tuple([z.string(), z.string()])),
    href: z.url(),
  }),
  outcome: outcomeSchema,
  digest: z.object({ items: z.array(outcomeSchema), more: z.number().int(), href: z.url() }),
  verify: linkSchema,
  reset: linkSchema,
  'change-email': linkSchema,
  exists: linkSchema,
  security: linkSchema.extend({
    event: z.enum(securityEventNames),
    facts: z.array(z.tuple([z.string(), z.string()])),
  }),
  test: z.object({ href: z.url() }),
} as const

export type MailTemplate = keyof typeof mailContentSchemas

/** A mail before rendering. */
export type MailContent = {
  [T in MailTemplate]: { template: T; data: z.infer<(typeof mailContentSchemas)[T]> }
}[MailTemplate]
export type ContentOf<T extends MailTemplate> = Extract<MailContent, { template: T }>['data']

/** Templates whose link authenticates its recipient. */
export const privateTemplates: readonly MailTemplate[] = ['verify', 'reset', 'change-email']

/** @throws {z.ZodError} if the data does not match the template, {Error} for an unknown template */
export function parseMailContent(template: string, data: unknown): MailContent {
  if (!Object.hasOwn(mailContentSchemas, template)) throw new Error(`unknown mail template ${template}`)
  const name = template as MailTemplate
  return { template: name, data: mailContentSchemas[name].parse(data) } as MailContent
}
