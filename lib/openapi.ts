import { z } from 'zod'
import { createDocument } from 'zod-openapi'
import { languageSchema } from './captions/schema'
import { captionPaths } from './captions/openapi'
import { healthSchema } from './health/queries'
import { machinePaths } from './machines/openapi'
import { mailPaths } from './mail/openapi'
import {
  jsonResponse,
  jsonResponses,
  noContentResponse,
  jsonContent,
  binaryBody,
  idParams,
  problemDetailsResponse,
} from './http/openapi-responses'
import { queuePaths } from './queues/openapi'
import { logLineSchema, taskEventsSchema, taskListSchema, taskSchema } from './tasks/schema'
import { updateVideoSchema, videoSchema } from './videos/schema'
import { videoListSchema } from './videos/schema'
import { webhookPaths } from './webhooks/openapi'

/** The contract with the outside, from the same schemas that answers are made of. */
export function openApiDocument(serverUrl: string) {
  const changeTask = (action: string) => ({
    post: {
      summary: `${action} a task`,
      requestParams: idParams,
      responses: jsonResponses(taskSchema, 'The task as it is now'),
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
          responses: jsonResponses(
            z.object({ videos: z.array(videoSchema), nextCursor: z.uuid().nullable() }),
            'A page of videos',
          ),
        },
        post: {
          summary: 'Upload a video: the raw file is the body',
          requestParams: { query: z.object({ filename: z.string(), language: languageSchema.optional() }) },
          requestBody: binaryBody,
          responses: jsonResponses(
            z.object({ video: videoSchema, task: taskSchema }),
            'Accepted; the task tells when it is done',
            '202',
          ),
        },
      },
      '/api/v1/videos/{id}': {
        get: {
          summary: 'One video',
          requestParams: idParams,
          responses: jsonResponses(videoSchema, 'The video'),
        },
        patch: {
          summary: 'Rename a video',
          requestParams: idParams,
          requestBody: { content: jsonContent(updateVideoSchema) },
          responses: jsonResponses(videoSchema, 'The video'),
        },
        delete: {
          summary: 'Delete a video and its files',
          requestParams: idParams,
          responses: noContentResponse('It is gone'),
        },
      },
      '/api/v1/tasks': {
        get: {
          summary: 'List tasks',
          requestParams: {
            query: taskListSchema,
          },
          responses: jsonResponses(
            z.object({ tasks: z.array(taskSchema), nextCursor: z.uuid().nullable() }),
            'A page of tasks',
          ),
        },
      },
      '/api/v1/tasks/{id}': {
        get: {
          summary: 'One task',
          requestParams: idParams,
          responses: jsonResponses(taskSchema, 'The task'),
        },
      },
      '/api/v1/tasks/{id}/cancel': changeTask('Cancel'),
      '/api/v1/tasks/{id}/retry': changeTask('Retry'),
      '/api/v1/tasks/{id}/log': {
        get: {
          summary: 'The log of a task',
          requestParams: idParams,
          responses: jsonResponses(z.object({ lines: z.array(logLineSchema) }), 'Its lines, oldest first'),
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
            default: problemDetailsResponse,
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
            '200': jsonResponse(healthSchema, 'All is well, or well enough to work'),
            '503': jsonResponse(healthSchema, 'What is missing'),
          },
        },
      },
    },
  })
}
