import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonContent, noContentResponse } from '../http/openapi-responses'
import { refusedFilesSchema } from './refusal-schema'

/** OpenAPI paths of uploads beside tus and `POST /api/v1/videos`. */
export const uploadPaths: ZodOpenApiPathsObject = {
  '/api/v1/refused-files': {
    post: {
      summary: 'Record files in your activity that a page has refused before they were sent',
      'x-scope': 'upload',
      requestBody: { content: jsonContent(refusedFilesSchema) },
      responses: noContentResponse('Recorded as failed tasks of the kind upload.refused'),
    },
  },
}
