import { z } from 'zod'
import { mailEventNames } from './event-names'

const outcome = z.object({
  event: z.enum(mailEventNames),
  title: z.string(),
  href: z.url(),
  detail: z.string().nullable(),
})
const link = z.object({ name: z.string(), href: z.url() })

/** What each template is filled with. Text of people is plain here; templates escape it. */
export const mailContents = {
  order: z.object({
    number: z.number().int(),
    machine: z.string(),
    facts: z.array(z.tuple([z.string(), z.string()])),
    href: z.url(),
  }),
  outcome,
  digest: z.object({ items: z.array(outcome), more: z.number().int(), href: z.url() }),
  verify: link,
  reset: link,
  test: z.object({ href: z.url() }),
} as const

export type Template = keyof typeof mailContents

/** One mail before it is made: its template and what that is filled with. */
export type MailContent = {
  [T in Template]: { template: T; data: z.infer<(typeof mailContents)[T]> }
}[Template]
export type ContentOf<T extends Template> = Extract<MailContent, { template: T }>['data']

/** Templates whose link lets whoever has it in. */
export const secretTemplates: readonly Template[] = ['verify', 'reset']

/** @throws {z.ZodError} when the data does not fit the template, {Error} for one of a newer version */
export function parseContent(template: string, data: unknown): MailContent {
  if (!Object.hasOwn(mailContents, template)) throw new Error(`there is no mail template ${template}`)
  const name = template as Template
  return { template: name, data: mailContents[name].parse(data) } as MailContent
}
