import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { idParams, jsonContent, jsonResponses, noContentResponse } from '../http/openapi-responses'
import { folderNameSchema, folderSchema } from './schema'

/** OpenAPI paths of folders of videos. */
export const folderPaths: ZodOpenApiPathsObject = {
  '/api/v1/folders': {
    get: {
      summary: 'List the folders of your videos',
      responses: jsonResponses(z.object({ folders: z.array(folderSchema) }), 'The folders, by name'),
    },
    post: {
      summary: 'Create a folder',
      requestBody: { content: jsonContent(folderNameSchema) },
      responses: jsonResponses(folderSchema, 'The folder', '201'),
    },
  },
  '/api/v1/folders/{id}': {
    patch: {
      summary: 'Rename a folder',
      requestParams: idParams,
      requestBody: { content: jsonContent(folderNameSchema) },
      responses: jsonResponses(folderSchema, 'The folder'),
    },
    delete: {
      summary: 'Delete a folder. Its videos stay, in no folder',
      requestParams: idParams,
      responses: noContentResponse('Deleted'),
    },
  },
}
