import { z } from 'zod'
import { createDocument } from 'zod-openapi'
import { languageSchema } from './captions/contract'
import { captionPaths } from './captions/openapi'
import { healthSchema } from './health'
import { machinePaths } from './machines/openapi'
import { mailPaths } from './mail/openapi'
import { answer, answers, json, withId, wrong } from './openapi-parts'
import { queuePaths } from './queues/openapi'
import { logLineSchema, taskSchema } from './tasks/contract'
import { taskEventsSchema, taskListSchema } from './tasks/queries'
import { videoChangeSchema, videoSchema } from './videos/contract'
import { videoListSchema } from './videos/queries'
import { webhookPaths } from './webhooks/openapi'

/** The contract with the outside, from the same schemas that answers are made of. */
export function openApiDocument(serverUrl: string) {
  const changeTask = (action: string) => ({
    post: {
      summary: `${action} a task`,
      requestParams: withId,
      responses: answers(taskSchema, 'The task as it is now'),
    },
  })
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Meanwhile', version: '1' },
    servers: [{ url: serverUrl }],
    security: [{ apiKey: [] }],
    components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
    paths: {
      '/api/v1/videos': {
        get: {
          summary: 'List videos',
          requestParams: {
            query: videoListSchema,
          },
          responses: answers(
            z.object({ videos: z.array(videoSchema), nextCursor: z.uuid().nullable() }),
            'A page of videos',
          ),
        },
        post: {
          summary: 'Upload a video: the raw file is the body',
          requestParams: { query: z.object({ filename: z.string(), language: languageSchema.optional() }) },
          requestBody: {
            content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
          },
          responses: answers(
            z.object({ video: videoSchema, task: taskSchema }),
            'Accepted; the task tells when it is done',
            '202',
          ),
        },
      },
      '/api/v1/videos/{id}': {
        get: { summary: 'One video', requestParams: withId, responses: answers(videoSchema, 'The video') },
        patch: {
          summary: 'Rename a video',
          requestParams: withId,
          requestBody: { content: json(videoChangeSchema) },
          responses: answers(videoSchema, 'The video'),
        },
        delete: {
          summary: 'Delete a video and its files',
          requestParams: withId,
          responses: { '204': { description: 'It is gone' }, default: wrong },
        },
      },
      '/api/v1/tasks': {
        get: {
          summary: 'List tasks',
          requestParams: {
            query: taskListSchema,
          },
          responses: answers(
            z.object({ tasks: z.array(taskSchema), nextCursor: z.uuid().nullable() }),
            'A page of tasks',
          ),
        },
      },
      '/api/v1/tasks/{id}': {
        get: { summary: 'One task', requestParams: withId, responses: answers(taskSchema, 'The task') },
      },
      '/api/v1/tasks/{id}/cancel': changeTask('Cancel'),
      '/api/v1/tasks/{id}/retry': changeTask('Retry'),
      '/api/v1/tasks/{id}/log': {
        get: {
          summary: 'The log of a task',
          requestParams: withId,
          responses: answers(z.object({ lines: z.array(logLineSchema) }), 'Its lines, oldest first'),
        },
      },
      ...webhookPaths,
      '/api/v1/events': {
        get: {
          summary: 'Your tasks as server-sent events: what is unfinished, then each change',
          requestParams: {
            query: taskEventsSchema,
            header: z.object({
              'last-event-id': z.string().optional().describe('Goes on after the event with this id'),
            }),
          },
          responses: {
            '200': {
              description: 'Events `task` with the task as data, and `gone` with the id of a deleted one',
              content: { 'text/event-stream': { schema: taskSchema } },
            },
            default: wrong,
          },
        },
      },
      ...machinePaths,
      ...queuePaths,
      ...mailPaths,
      ...captionPaths,
      '/api/health': {
        get: {
          summary: 'Health',
          security: [],
          responses: {
            '200': answer(healthSchema, 'All is well, or well enough to work'),
            '503': answer(healthSchema, 'What is missing'),
          },
        },
      },
    },
  })
}
