import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, noContentResponse } from '../http/openapi-responses'
import { onboardingStepSchema } from './schema'

/** OpenAPI paths of the first steps of an administrator. */
export const onboardingPaths: ZodOpenApiPathsObject = {
  '/api/v1/admin/onboarding': {
    get: {
      summary: 'List the first steps on a new server (administrators)',
      responses: jsonResponses(
        z.object({ steps: z.array(onboardingStepSchema) }),
        'The steps, as the server is now',
      ),
    },
    delete: {
      summary: 'Dismiss the first steps on your home page (administrators)',
      responses: noContentResponse('Dismissed'),
    },
  },
}
