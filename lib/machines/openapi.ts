import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { answers, done, json, withId } from '../openapi-parts'
import {
  machineAnswerSchema,
  machineChangeSchema,
  machineEventSchema,
  machineImageSchema,
  machineOrderAnswerSchema,
  machineOrderSchema,
  machinePortSchema,
  machineSchema,
  portOrderSchema,
} from './contract'
import { machineListSchema } from './queries'
import { snapshotOrderSchema, snapshotSchema } from './snapshots'

const change = (summary: string) => ({
  post: {
    summary,
    requestParams: withId,
    responses: answers(machineAnswerSchema, 'Accepted; the task tells when it is done', '202'),
  },
})

/** The part of the outside contract that is about machines. */
export const machinePaths: ZodOpenApiPathsObject = {
  '/api/v1/machines': {
    get: {
      summary: 'List machines',
      requestParams: { query: machineListSchema },
      responses: answers(
        z.object({ machines: z.array(machineSchema), nextCursor: z.uuid().nullable() }),
        'A page of machines, without the terminated ones unless asked for',
      ),
    },
    post: {
      summary: 'Order a machine',
      requestParams: {
        header: z.object({
          'idempotency-key': z.string().optional().describe('The same key again gives the same machine'),
        }),
      },
      requestBody: { content: json(machineOrderSchema) },
      responses: answers(machineOrderAnswerSchema, 'Accepted; the task tells when it runs', '202'),
    },
  },
  '/api/v1/machines/{id}': {
    get: { summary: 'One machine', requestParams: withId, responses: answers(machineSchema, 'The machine') },
    patch: {
      summary: 'Rename, tag or protect a machine, or change how long it lives',
      requestParams: withId,
      requestBody: { content: json(machineChangeSchema) },
      responses: answers(machineSchema, 'The machine'),
    },
    delete: {
      summary: 'Terminate a machine, from whatever state it is in',
      requestParams: withId,
      responses: answers(machineAnswerSchema, 'Accepted; the task tells when it is gone', '202'),
    },
  },
  '/api/v1/machines/{id}/start': change('Start a stopped machine'),
  '/api/v1/machines/{id}/stop': change('Shut a machine down'),
  '/api/v1/machines/{id}/reboot': change('Reboot a machine'),
  '/api/v1/machines/{id}/resize': {
    post: {
      ...change('Give a stopped machine another size').post,
      requestBody: { content: json(z.object({ size: machineOrderSchema.shape.size.unwrap() })) },
    },
  },
  '/api/v1/machines/{id}/events': {
    get: {
      summary: 'Who did what with a machine',
      requestParams: withId,
      responses: answers(z.object({ events: z.array(machineEventSchema) }), 'Newest first'),
    },
  },
  '/api/v1/machines/{id}/console': {
    post: {
      summary: 'A token that opens the console, once and soon',
      requestParams: withId,
      responses: answers(z.object({ token: z.string(), expiresAt: z.iso.datetime() }), 'The token', '201'),
    },
  },
  '/api/v1/machines/{id}/ports': {
    get: {
      summary: 'Ports of a machine that are reached at its host',
      requestParams: withId,
      responses: answers(z.object({ ports: z.array(machinePortSchema) }), 'The ports'),
    },
    post: {
      summary: 'Have a port of a machine reached at a port of its host’s loopback',
      requestParams: withId,
      requestBody: { content: json(portOrderSchema) },
      responses: answers(machinePortSchema, 'It listens, or says why not', '201'),
    },
  },
  '/api/v1/machines/{id}/ports/{port}': {
    delete: {
      summary: 'Take a forwarded port back',
      requestParams: { path: withId.path.extend({ port: portOrderSchema.shape.guestPort }) },
      responses: done('Nothing listens for it any more'),
    },
  },
  '/api/v1/machines/{id}/snapshots': {
    post: {
      summary: 'Take a snapshot of its disk',
      requestParams: withId,
      requestBody: { content: json(snapshotOrderSchema) },
      responses: answers(snapshotSchema, 'Accepted', '202'),
    },
  },
  '/api/v1/snapshots': {
    get: {
      summary: 'List snapshots',
      responses: answers(z.object({ snapshots: z.array(snapshotSchema) }), 'Newest first'),
    },
  },
  '/api/v1/snapshots/{id}': {
    delete: {
      summary: 'Delete a snapshot',
      requestParams: withId,
      responses: done('It is gone'),
    },
  },
  '/api/v1/machine-images': {
    get: {
      summary: 'What machines can be made of',
      responses: answers(
        z.object({
          images: z.array(machineImageSchema),
          problem: z.string().nullable().describe('Why no machine can be made now'),
          isAwaited: z.boolean().describe('No host has been heard of yet: one may be any moment'),
          outboundProblem: z.string().nullable().describe('Why none gets internet, where none does'),
          note: z.string().nullable().describe('What runs them, and what that means'),
          isAccelerated: z.boolean(),
        }),
        'The images',
      ),
    },
  },
}
