import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { idParams, jsonContent, jsonResponses, noContentResponse } from '../http/openapi-responses'
import {
  inboxQuerySchema,
  inboxSchema,
  markReadSchema,
  notificationSchema,
  updateNotificationSchema,
} from './schema'
import { notificationSettingsSchema, updateNotificationSettingsSchema } from './settings'

/** OpenAPI paths of notifications. */
export const notificationPaths: ZodOpenApiPathsObject = {
  '/api/v1/notifications': {
    get: {
      summary: 'Get your notification settings',
      responses: jsonResponses(notificationSettingsSchema, 'The settings'),
    },
    patch: {
      summary: 'Update your notification settings',
      requestBody: { content: jsonContent(updateNotificationSettingsSchema) },
      responses: jsonResponses(notificationSettingsSchema, 'The settings'),
    },
  },
  '/api/v1/inbox': {
    get: {
      summary: 'List your notifications',
      requestParams: { query: inboxQuerySchema },
      responses: jsonResponses(inboxSchema, 'A page of notifications, newest first'),
    },
  },
  '/api/v1/inbox/read': {
    post: {
      summary: 'Mark notifications as read',
      requestBody: { content: jsonContent(markReadSchema) },
      responses: noContentResponse('Marked'),
    },
  },
  '/api/v1/inbox/{id}': {
    patch: {
      summary: 'Mark a notification as read or unread',
      requestParams: idParams,
      requestBody: { content: jsonContent(updateNotificationSchema) },
      responses: jsonResponses(notificationSchema, 'The notification'),
    },
  },
}
