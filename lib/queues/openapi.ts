import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, jsonContent, idParams } from '../http/openapi-responses'
import { runScheduleSchema } from '../schedules/schema'
import { attemptSchema } from '../tasks/attempts'
import { discardDeadLettersSchema } from './dead-letters'
import { queueNameSchema } from './pause'
import { redriveSchema } from './redrive'

const adminPost = (given: {
  summary: string
  body: z.ZodType
  answer: z.ZodType
  told: string
  status?: string
}) => ({
  post: {
    summary: `${given.summary} (administrators)`,
    requestBody: { content: jsonContent(given.body) },
    responses: jsonResponses(given.answer, given.told, given.status),
  },
})
const queuePauseSchema = z.object({ queue: z.string(), isPaused: z.boolean() })
const redriveResultSchema = z.object({ id: z.uuid(), state: z.string(), total: z.number() })

/** The part of the outside contract that is about queues. */
export const queuePaths: ZodOpenApiPathsObject = {
  '/api/v1/tasks/{id}/attempts': {
    get: {
      summary: 'Every attempt at a task',
      requestParams: idParams,
      responses: jsonResponses(z.object({ attempts: z.array(attemptSchema) }), 'Its attempts, oldest first'),
    },
  },
  '/api/v1/admin/queues/pause': adminPost({
    summary: 'Pause a queue',
    body: queueNameSchema,
    answer: queuePauseSchema,
    told: 'Nothing more is taken from it within two seconds; what is in hand goes on',
  }),
  '/api/v1/admin/queues/resume': adminPost({
    summary: 'Resume a queue',
    body: queueNameSchema,
    answer: queuePauseSchema,
    told: 'It goes on',
  }),
  '/api/v1/admin/dead-letters/redrive': adminPost({
    summary: 'Try dead letters again',
    body: redriveSchema,
    answer: redriveResultSchema,
    told: 'As a trial, one goes first',
    status: '202',
  }),
  '/api/v1/admin/dead-letters/discard': adminPost({
    summary: 'Put dead letters away',
    body: discardDeadLettersSchema,
    answer: z.object({ discarded: z.number() }),
    told: 'How many',
  }),
  '/api/v1/admin/schedules/run': adminPost({
    summary: 'Run a schedule now',
    body: runScheduleSchema,
    answer: runScheduleSchema,
    told: 'It waits for a worker',
    status: '202',
  }),
}
