import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, noContentResponse, jsonContent, idParams } from '../http/openapi-responses'
import { updateNotificationSettingsSchema, notificationSettingsSchema } from './notification-settings'

/** The part of the outside contract that is about mail. */
export const mailPaths: ZodOpenApiPathsObject = {
  '/api/v1/notifications': {
    get: {
      summary: 'What you are told of by mail',
      responses: jsonResponses(notificationSettingsSchema, 'The settings'),
    },
    patch: {
      summary: 'Change what you are told of by mail',
      requestBody: { content: jsonContent(updateNotificationSettingsSchema) },
      responses: jsonResponses(notificationSettingsSchema, 'The settings'),
    },
  },
  '/api/v1/admin/mails/{id}/arrived': {
    post: {
      summary: 'Say that an ambiguous mail arrived (administrators)',
      requestParams: idParams,
      responses: noContentResponse('It counts as sent'),
    },
  },
  '/api/v1/admin/mails/{id}/send-again': {
    post: {
      summary: 'Send a mail again that failed or is ambiguous (administrators)',
      requestParams: idParams,
      responses: noContentResponse('It is in line'),
    },
  },
  '/api/v1/admin/mails/test': {
    post: {
      summary: 'Mail yourself a test (administrators)',
      responses: jsonResponses(z.object({ id: z.uuid() }), 'Accepted', '202'),
    },
  },
  '/api/v1/admin/bounces': {
    delete: {
      summary: 'Write to an address again that refused mail (administrators)',
      requestParams: { query: z.object({ address: z.string() }) },
      responses: noContentResponse('It is written to again'),
    },
  },
}
