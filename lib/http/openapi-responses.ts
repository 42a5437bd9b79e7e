import { z } from 'zod'

const problemSchema = z.object({
  type: z.string(),
  code: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().optional(),
})

export const jsonContent = (schema: z.ZodType) => ({ 'application/json': { schema } })

/** How every request may fail. */
export const problemDetailsResponse = {
  description: 'What went wrong, for people and programs (RFC 9457)',
  content: { 'application/problem+json': { schema: problemSchema } },
}

export const idParams = { path: z.object({ id: z.uuid() }) }

export const jsonResponse = (schema: z.ZodType, description: string) => ({
  description,
  content: jsonContent(schema),
})

export const jsonResponses = (schema: z.ZodType, description: string, status = '200') => ({
  [status]: jsonResponse(schema, description),
  default: problemDetailsResponse,
})

/** It worked, and there is nothing more to say. */
export const noContentResponse = (description: string) => ({
  '204': { description },
  default: problemDetailsResponse,
})

/** A file as it is, as the body. */
export const binaryBody = {
  content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
}
