import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { answers, json, withId } from '../openapi-parts'
import { runNowSchema } from '../schedules/queries'
import { attemptSchema } from '../tasks/attempts'
import { discardSchema } from './dead-letters'
import { queueNameSchema } from './pause'
import { redriveSchema } from './redrive'

const post = (given: {
  summary: string
  body: z.ZodType
  answer: z.ZodType
  told: string
  status?: string
}) => ({
  post: {
    summary: `${given.summary} (administrators)`,
    requestBody: { content: json(given.body) },
    responses: answers(given.answer, given.told, given.status),
  },
})
const turned = z.object({ queue: z.string(), isPaused: z.boolean() })
const redriven = z.object({ id: z.uuid(), state: z.string(), total: z.number() })

/** The part of the outside contract that is about queues. */
export const queuePaths: ZodOpenApiPathsObject = {
  '/api/v1/tasks/{id}/attempts': {
    get: {
      summary: 'Every attempt at a task',
      requestParams: withId,
      responses: answers(z.object({ attempts: z.array(attemptSchema) }), 'Its attempts, oldest first'),
    },
  },
  '/api/v1/admin/queues/pause': post({
    summary: 'Pause a queue',
    body: queueNameSchema,
    answer: turned,
    told: 'Nothing more is taken from it within two seconds; what is in hand goes on',
  }),
  '/api/v1/admin/queues/resume': post({
    summary: 'Resume a queue',
    body: queueNameSchema,
    answer: turned,
    told: 'It goes on',
  }),
  '/api/v1/admin/dead-letters/redrive': post({
    summary: 'Try dead letters again',
    body: redriveSchema,
    answer: redriven,
    told: 'As a trial, one goes first',
    status: '202',
  }),
  '/api/v1/admin/dead-letters/discard': post({
    summary: 'Put dead letters away',
    body: discardSchema,
    answer: z.object({ discarded: z.number() }),
    told: 'How many',
  }),
  '/api/v1/admin/schedules/run': post({
    summary: 'Run a schedule now',
    body: runNowSchema,
    answer: runNowSchema,
    told: 'It waits for a worker',
    status: '202',
  }),
}
