import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponse } from '../http/openapi-responses'
import { healthSchema } from './queries'

/** OpenAPI path of the health check. */
export const healthPaths: ZodOpenApiPathsObject = {
  '/api/health': {
    get: {
      summary: 'Health check',
      security: [],
      responses: {
        '200': jsonResponse(healthSchema, 'Operational'),
        '503': jsonResponse(healthSchema, 'Not operational, with the reasons'),
      },
    },
  },
}
