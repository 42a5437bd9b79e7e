import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import {
  idParams,
  jsonContent,
  jsonResponses,
  noContentResponse,
  problemDetailsResponse,
} from '../http/openapi-responses'
import { taskSchema } from '../tasks/schema'
import { archiveSchema, createArchiveSchema, importArchiveSchema, uploadedArchiveSchema } from './schema'

/** OpenAPI paths of encrypted archives. */
export const archivePaths: ZodOpenApiPathsObject = {
  '/api/v1/archives': {
    get: {
      summary: 'List your encrypted archives',
      responses: jsonResponses(z.object({ archives: z.array(archiveSchema) }), 'All archives, newest first'),
    },
    post: {
      summary: 'Export videos as one encrypted archive, readable by the age command: `age -d FILE | tar x`',
      requestBody: { content: jsonContent(createArchiveSchema) },
      responses: jsonResponses(
        z.object({ archive: archiveSchema, task: taskSchema }),
        'Accepted. The task reports progress and completion',
        '202',
      ),
    },
  },
  '/api/v1/archives/{id}': {
    delete: {
      summary: 'Cancel an archive, or delete it',
      requestParams: idParams,
      responses: noContentResponse('Deleted'),
    },
  },
  '/api/v1/archives/{id}/file': {
    get: {
      summary: 'Download an archive',
      'x-scope': 'all',
      requestParams: idParams,
      responses: {
        '200': {
          description: 'The archive; supports ranges',
          content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
        },
        default: problemDetailsResponse,
      },
    },
  },
  '/api/v1/archive-imports': {
    get: {
      summary: 'List the encrypted archives that were uploaded and are not imported yet',
      responses: jsonResponses(z.object({ uploaded: z.array(uploadedArchiveSchema) }), 'Newest first'),
    },
    post: {
      summary: 'Import the videos of an encrypted archive that was uploaded by tus as a file named .age',
      'x-scope': 'upload',
      requestBody: { content: jsonContent(importArchiveSchema) },
      responses: jsonResponses(
        z.object({ task: taskSchema }),
        'Accepted. The task reports progress and completion',
        '202',
      ),
    },
  },
  '/api/v1/archive-imports/{id}': {
    delete: {
      summary: 'Cancel the import of an uploaded archive, and delete the upload',
      'x-scope': 'upload',
      requestParams: idParams,
      responses: noContentResponse('Deleted'),
    },
  },
}
