import { z } from 'zod'
import { mailEventNames } from './event-names'

const outcomeSchema = z.object({
  event: z.enum(mailEventNames),
  title: z.string(),
  href: z.url(),
  detail: z.string().nullable(),
})
const linkSchema = z.object({ name: z.string(), href: z.url() })

/** The data of each template. User text is plain here; templates escape it. */
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
  test: z.object({ href: z.url() }),
} as const

export type MailTemplate = keyof typeof mailContentSchemas

/** A mail before rendering. */
export type MailContent = {
  [T in MailTemplate]: { template: T; data: z.infer<(typeof mailContentSchemas)[T]> }
}[MailTemplate]
export type ContentOf<T extends MailTemplate> = Extract<MailContent, { template: T }>['data']

/** Templates whose link authenticates its reader. */
export const privateTemplates: readonly MailTemplate[] = ['verify', 'reset']

/** @throws {z.ZodError} when the data does not fit the template, {Error} for one of a newer version */
export function parseMailContent(template: string, data: unknown): MailContent {
  if (!Object.hasOwn(mailContentSchemas, template)) throw new Error(`unknown mail template ${template}`)
  const name = template as MailTemplate
  return { template: name, data: mailContentSchemas[name].parse(data) } as MailContent
}
