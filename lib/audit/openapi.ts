import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, problemDetailsResponse } from '../http/openapi-responses'
import { auditEntrySchema, auditFilterSchema, auditListSchema } from './schema'

/** API paths of the audit log. */
export const auditPaths: ZodOpenApiPathsObject = {
  '/api/v1/admin/audit': {
    get: {
      summary: 'Search the audit log (administrators)',
      requestParams: { query: auditListSchema },
      responses: jsonResponses(
        z.object({ entries: z.array(auditEntrySchema), nextCursor: z.uuid().nullable() }),
        'A page of entries, newest first',
      ),
    },
  },
  '/api/v1/admin/audit/export': {
    get: {
      summary: 'Export the audit log as JSON lines (administrators)',
      requestParams: { query: auditFilterSchema },
      responses: {
        '200': {
          description: 'One entry per line, newest first',
          content: { 'application/jsonl': { schema: z.string() } },
        },
        default: problemDetailsResponse,
      },
    },
  },
}
