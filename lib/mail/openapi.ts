import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, noContentResponse, idParams } from '../http/openapi-responses'

/** OpenAPI paths of mail. */
export const mailPaths: ZodOpenApiPathsObject = {
  '/api/v1/admin/mails/{id}/arrived': {
    post: {
      summary: 'Mark an ambiguous mail as delivered (administrators)',
      requestParams: idParams,
      responses: noContentResponse('Marked as sent'),
    },
  },
  '/api/v1/admin/mails/{id}/send-again': {
    post: {
      summary: 'Resend a failed or ambiguous mail (administrators)',
      requestParams: idParams,
      responses: noContentResponse('Queued'),
    },
  },
  '/api/v1/admin/mails/test': {
    post: {
      summary: 'Send yourself a test mail (administrators)',
      responses: jsonResponses(z.object({ id: z.uuid() }), 'Accepted', '202'),
    },
  },
  '/api/v1/admin/bounces': {
    delete: {
      summary: 'Unblock an address that rejected mail (administrators)',
      requestParams: { query: z.object({ address: z.string() }) },
      responses: noContentResponse('Unblocked'),
    },
  },
}
