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
import { storageQuerySchema, storageSchema } from '../uploads/storage-breakdown-schema'
import { accountExportSchema, deleteAccountSchema } from './export-schema'
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
  '/api/v1/account/storage': {
    get: {
      summary: 'Read what takes your storage, by kind and by video',
      requestParams: { query: storageQuerySchema },
      responses: jsonResponses(storageSchema, 'Sizes in bytes'),
    },
  },
  '/api/v1/account/exports': {
    get: {
      summary: 'List the exports of your data',
      responses: jsonResponses(z.object({ exports: z.array(accountExportSchema) }), 'The exports'),
    },
    post: {
      summary: 'Export your data as one ZIP archive, which replaces an earlier one',
      responses: jsonResponses(
        z.object({ export: accountExportSchema, task: taskSchema }),
        'Accepted; the task reports progress and completion',
        '202',
      ),
    },
  },
  '/api/v1/account/exports/{id}': {
    delete: {
      summary: 'Cancel an export, or delete its archive',
      requestParams: idParams,
      responses: noContentResponse('Deleted'),
    },
  },
  '/api/v1/account/exports/{id}/file': {
    get: {
      summary: 'Download the archive of an export',
      'x-scope': 'all',
      requestParams: idParams,
      responses: {
        '200': {
          description: 'The archive; supports ranges',
          content: { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } },
        },
        default: problemDetailsResponse,
      },
    },
  },
  '/api/v1/account/deletion': {
    post: {
      summary: 'Delete your account with everything in it; needs a session',
      requestBody: { content: jsonContent(deleteAccountSchema) },
      responses: {
        '202': { description: 'Signed out; the deletion is queued' },
        default: problemDetailsResponse,
      },
    },
  },
}
