import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, noContentResponse, jsonContent, idParams } from '../http/openapi-responses'
import {
  deliveryListSchema,
  updateWebhookSchema,
  webhookDeliverySchema,
  createWebhookSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from './schema'

/** OpenAPI paths of webhooks. */
export const webhookPaths: ZodOpenApiPathsObject = {
  '/api/v1/webhooks': {
    get: {
      summary: 'List webhooks',
      responses: jsonResponses(z.object({ webhooks: z.array(webhookSchema) }), 'All webhooks'),
    },
    post: {
      summary: 'Create a webhook that receives an event when a task ends (standardwebhooks.com)',
      requestBody: { content: jsonContent(createWebhookSchema) },
      responses: jsonResponses(
        webhookWithSecretSchema,
        'The webhook with its secret, which is shown only once',
        '201',
      ),
    },
  },
  '/api/v1/webhooks/{id}': {
    get: {
      summary: 'Get a webhook',
      requestParams: idParams,
      responses: jsonResponses(webhookSchema, 'The webhook'),
    },
    patch: {
      summary: 'Update, enable or disable a webhook',
      requestParams: idParams,
      requestBody: { content: jsonContent(updateWebhookSchema) },
      responses: jsonResponses(webhookSchema, 'The webhook'),
    },
    delete: {
      summary: 'Delete a webhook and its deliveries',
      requestParams: idParams,
      responses: noContentResponse('Deleted'),
    },
  },
  '/api/v1/webhooks/{id}/secret': {
    post: {
      summary: 'Rotate the secret of a webhook; the previous one also signs for 24 hours',
      requestParams: idParams,
      responses: jsonResponses(
        webhookWithSecretSchema,
        'The webhook with its new secret, which is shown only once',
      ),
    },
  },
  '/api/v1/webhooks/{id}/test': {
    post: {
      summary: 'Send a test event to a webhook',
      requestParams: idParams,
      responses: jsonResponses(webhookDeliverySchema, 'The delivery, which is attempted once', '202'),
    },
  },
  '/api/v1/webhooks/{id}/deliveries': {
    get: {
      summary: 'List deliveries of a webhook from the last 30 days',
      requestParams: { ...idParams, query: deliveryListSchema },
      responses: jsonResponses(
        z.object({ deliveries: z.array(webhookDeliverySchema), nextCursor: z.uuid().nullable() }),
        'A page of deliveries, newest first',
      ),
    },
  },
  '/api/v1/webhook-deliveries/{id}/replay': {
    post: {
      summary: 'Replay a delivery under the same webhook-id',
      requestParams: idParams,
      responses: jsonResponses(webhookDeliverySchema, 'The delivery, queued again', '202'),
    },
  },
}
