import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { idParams, jsonResponses, problemDetailsResponse } from '../http/openapi-responses'
import { logLineSchema, taskEventsSchema, taskListSchema, taskSchema } from './schema'

const taskAction = (action: string) => ({
  post: {
    summary: `${action} a task`,
    requestParams: idParams,
    responses: jsonResponses(taskSchema, 'The updated task'),
  },
})

/** OpenAPI paths of tasks. */
export const taskPaths: ZodOpenApiPathsObject = {
  '/api/v1/tasks': {
    get: {
      summary: 'List tasks',
      requestParams: { query: taskListSchema },
      responses: jsonResponses(
        z.object({ tasks: z.array(taskSchema), nextCursor: z.uuid().nullable() }),
        'A page of tasks',
      ),
    },
  },
  '/api/v1/tasks/{id}': {
    get: {
      summary: 'Get a task',
      requestParams: idParams,
      responses: jsonResponses(taskSchema, 'The task'),
    },
  },
  '/api/v1/tasks/{id}/cancel': taskAction('Cancel'),
  '/api/v1/tasks/{id}/retry': taskAction('Retry'),
  '/api/v1/tasks/{id}/log': {
    get: {
      summary: 'Get the log of a task',
      requestParams: idParams,
      responses: jsonResponses(z.object({ lines: z.array(logLineSchema) }), 'Log lines, oldest first'),
    },
  },
}

/** OpenAPI path of the event stream. */
export const taskEventPaths: ZodOpenApiPathsObject = {
  '/api/v1/events': {
    get: {
      summary: 'Stream your tasks as server-sent events: first unfinished tasks, then every change',
      requestParams: {
        query: taskEventsSchema,
        header: z.object({
          'last-event-id': z.string().optional().describe('Resumes after the event with this id'),
        }),
      },
      responses: {
        '200': {
          description: 'Events `task` with the task as data, and `gone` with the id of a deleted task',
          content: { 'text/event-stream': { schema: taskSchema } },
        },
        default: problemDetailsResponse,
      },
    },
  },
}
