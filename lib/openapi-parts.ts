import { z } from 'zod'

const problem = z.object({
  type: z.string(),
  code: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().optional(),
})

export const json = (schema: z.ZodType) => ({ 'application/json': { schema } })

/** How every request may fail. */
export const wrong = {
  description: 'What went wrong, for people and programs (RFC 9457)',
  content: { 'application/problem+json': { schema: problem } },
}

export const withId = { path: z.object({ id: z.uuid() }) }

export const answer = (schema: z.ZodType, description: string) => ({ description, content: json(schema) })

export const answers = (schema: z.ZodType, description: string, status = '200') => ({
  [status]: answer(schema, description),
  default: wrong,
})

/** It worked, and there is nothing more to say. */
export const done = (description: string) => ({ '204': { description }, default: wrong })

/** A file as it is, as the body. */
export const rawFile = {
  content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
}
