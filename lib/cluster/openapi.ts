import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses } from '../http/openapi-responses'
import { processListSchema } from './schema'

/** API paths of the processes of the app. */
export const clusterPaths: ZodOpenApiPathsObject = {
  '/api/v1/admin/processes': {
    get: {
      summary: 'List web and worker processes (administrators)',
      responses: jsonResponses(processListSchema, 'The processes seen within 10 minutes, by computer'),
    },
  },
}
