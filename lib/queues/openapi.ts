import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, jsonContent, idParams } from '../http/openapi-responses'
import { runScheduleSchema } from '../schedules/schema'
import { attemptSchema } from '../tasks/attempts'
import { discardDeadLettersSchema } from './dead-letters'
import { queueNameSchema } from './pause'
import { redriveSchema } from './redrive'

const adminPost = (operation: {
  summary: string
  body: z.ZodType
  response: z.ZodType
  description: string
  status?: string
}) => ({
  post: {
    summary: `${operation.summary} (administrators)`,
    requestBody: { content: jsonContent(operation.body) },
    responses: jsonResponses(operation.response, operation.description, operation.status),
  },
})
const queuePauseSchema = z.object({ queue: z.string(), isPaused: z.boolean() })
const redriveResultSchema = z.object({ id: z.uuid(), state: z.string(), total: z.number() })

/** API paths of queues, dead letters and schedules. */
export const queuePaths: ZodOpenApiPathsObject = {
  '/api/v1/tasks/{id}/attempts': {
    get: {
      summary: 'List the attempts of a task',
      requestParams: idParams,
      responses: jsonResponses(z.object({ attempts: z.array(attemptSchema) }), 'The attempts, oldest first'),
    },
  },
  '/api/v1/admin/queues/pause': adminPost({
    summary: 'Pause a queue',
    body: queueNameSchema,
    response: queuePauseSchema,
    description: 'Paused within half a second; running tasks continue',
  }),
  '/api/v1/admin/queues/resume': adminPost({
    summary: 'Resume a queue',
    body: queueNameSchema,
    response: queuePauseSchema,
    description: 'Resumed',
  }),
  '/api/v1/admin/dead-letters/redrive': adminPost({
    summary: 'Redrive dead letters',
    body: redriveSchema,
    response: redriveResultSchema,
    description: 'Started; a trial retries one task first',
    status: '202',
  }),
  '/api/v1/admin/dead-letters/discard': adminPost({
    summary: 'Dismiss dead letters',
    body: discardDeadLettersSchema,
    response: z.object({ discarded: z.number() }),
    description: 'The number of dismissed tasks',
  }),
  '/api/v1/admin/schedules/run': adminPost({
    summary: 'Run a schedule now',
    body: runScheduleSchema,
    response: runScheduleSchema,
    description: 'Queued for a worker',
    status: '202',
  }),
}
