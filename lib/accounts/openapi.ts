import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonContent, jsonResponses, noContentResponse } from '../http/openapi-responses'
import { createKeySchema, keySchema, keyWithSecretSchema } from './key-schema'

/** API paths of accounts. */
export const accountPaths: ZodOpenApiPathsObject = {
  '/api/v1/keys': {
    get: {
      summary: 'List your API keys',
      'x-scope': 'admin',
      responses: jsonResponses(z.object({ keys: z.array(keySchema) }), 'All keys, newest first'),
    },
    post: {
      summary: 'Create an API key, with no more scopes than the credential of the request',
      'x-scope': 'admin',
      requestBody: { content: jsonContent(createKeySchema) },
      responses: jsonResponses(keyWithSecretSchema, 'The key, which is shown only once', '201'),
    },
  },
  '/api/v1/keys/{id}': {
    delete: {
      summary: 'Revoke an API key',
      'x-scope': 'admin',
      requestParams: { path: z.object({ id: z.string() }) },
      responses: noContentResponse('Revoked'),
    },
  },
}
