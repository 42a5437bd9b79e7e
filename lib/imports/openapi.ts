import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonContent, jsonResponses } from '../http/openapi-responses'
import { taskSchema } from '../tasks/schema'
import { videoDetailsSchema } from '../videos/schema'
import { createImportSchema } from './schema'

const acceptedSchema = z.object({ video: videoDetailsSchema, task: taskSchema })

/** OpenAPI paths of imports. */
export const importPaths: ZodOpenApiPathsObject = {
  '/api/v1/imports': {
    post: {
      summary: 'Import a video from a link',
      'x-scope': 'upload',
      requestParams: {
        header: z.object({
          'Idempotency-Key': z
            .string()
            .min(1)
            .max(255)
            .optional()
            .describe('Repeating a request with the same key returns the same import'),
        }),
      },
      requestBody: { content: jsonContent(createImportSchema) },
      responses: jsonResponses(acceptedSchema, 'Accepted. The task reports progress and completion', '202'),
    },
  },
  '/api/v1/imports/sample': {
    post: {
      summary: 'Generate a sample video, to try the app without a file',
      'x-scope': 'upload',
      responses: jsonResponses(acceptedSchema, 'Accepted', '202'),
    },
  },
}
