import { z } from 'zod'

const problemSchema = z.object({
  type: z.string(),
  code: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().optional(),
})

export const jsonContent = (schema: z.ZodType) => ({ 'application/json': { schema } })

/** The error response of every operation. */
export const problemDetailsResponse = {
  description: 'Problem details (RFC 9457) with a stable `code`',
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

/** Success without a response body. */
export const noContentResponse = (description: string) => ({
  '204': { description },
  default: problemDetailsResponse,
})

/** A raw file as the request body. */
export const binaryBody = {
  content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
}
