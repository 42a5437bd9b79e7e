import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { idParams, jsonContent, jsonResponses, noContentResponse } from '../http/openapi-responses'
import { createSubscriptionSchema, pushSchema, pushSubscriptionSchema } from './schema'

/** OpenAPI paths of browser notifications (Web Push). */
export const pushPaths: ZodOpenApiPathsObject = {
  '/api/v1/push': {
    get: {
      summary: 'List your browsers that receive notifications, with the key to subscribe with',
      responses: jsonResponses(pushSchema, 'The key and all subscriptions, newest first'),
    },
    post: {
      summary: 'Send notifications to this browser until it signs out (sessions only)',
      requestBody: { content: jsonContent(createSubscriptionSchema) },
      responses: jsonResponses(
        pushSubscriptionSchema,
        'The subscription, which replaces an earlier one of this session',
        '201',
      ),
    },
  },
  '/api/v1/push/{id}': {
    delete: {
      summary: 'Send no more notifications to a browser',
      requestParams: idParams,
      responses: noContentResponse('Unsubscribed'),
    },
  },
}
