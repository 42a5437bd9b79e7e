import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, noContentResponse, jsonContent, idParams } from '../http/openapi-responses'
import {
  updateWebhookSchema,
  webhookDeliverySchema,
  createWebhookSchema,
  webhookSchema,
  webhookWithSecretSchema,
} from './schema'
import { deliveryListSchema } from './deliveries'

/** The part of the outside contract that is about webhooks. */
export const webhookPaths: ZodOpenApiPathsObject = {
  '/api/v1/webhooks': {
    get: {
      summary: 'List webhooks',
      responses: jsonResponses(z.object({ webhooks: z.array(webhookSchema) }), 'All of them'),
    },
    post: {
      summary: 'Add a webhook: it is told when tasks end, as standardwebhooks.com says',
      requestBody: { content: jsonContent(createWebhookSchema) },
      responses: jsonResponses(webhookWithSecretSchema, 'With its secret, shown this once', '201'),
    },
  },
  '/api/v1/webhooks/{id}': {
    get: {
      summary: 'One webhook',
      requestParams: idParams,
      responses: jsonResponses(webhookSchema, 'The webhook'),
    },
    patch: {
      summary: 'Change a webhook, or turn it on or off',
      requestParams: idParams,
      requestBody: { content: jsonContent(updateWebhookSchema) },
      responses: jsonResponses(webhookSchema, 'The webhook'),
    },
    delete: {
      summary: 'Delete a webhook and its log',
      requestParams: idParams,
      responses: noContentResponse('It is gone'),
    },
  },
  '/api/v1/webhooks/{id}/secret': {
    post: {
      summary: 'Give a webhook a new secret; the one before signs as well for 24 hours',
      requestParams: idParams,
      responses: jsonResponses(webhookWithSecretSchema, 'With its new secret, shown this once'),
    },
  },
  '/api/v1/webhooks/{id}/test': {
    post: {
      summary: 'Send webhook.test to a webhook',
      requestParams: idParams,
      responses: jsonResponses(webhookDeliverySchema, 'The delivery; it is tried once', '202'),
    },
  },
  '/api/v1/webhooks/{id}/deliveries': {
    get: {
      summary: 'What was sent to a webhook in the last 30 days',
      requestParams: { ...idParams, query: deliveryListSchema },
      responses: jsonResponses(
        z.object({ deliveries: z.array(webhookDeliverySchema), nextCursor: z.uuid().nullable() }),
        'A page of deliveries, newest first',
      ),
    },
  },
  '/api/v1/webhook-deliveries/{id}/replay': {
    post: {
      summary: 'Deliver again, under the same webhook-id',
      requestParams: idParams,
      responses: jsonResponses(webhookDeliverySchema, 'The delivery, in line again', '202'),
    },
  },
}
