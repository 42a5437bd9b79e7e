import { z } from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'
import { jsonResponses, noContentResponse, jsonContent, idParams } from '../http/openapi-responses'
import {
  machineResponseSchema,
  updateMachineSchema,
  machineEventSchema,
  machineImageSchema,
  createMachineResponseSchema,
  createMachineSchema,
  machinePortSchema,
  machineSchema,
  forwardPortSchema,
} from './schema'
import { machineListSchema } from './queries'
import { createSnapshotSchema, snapshotSchema } from './snapshots'

const machineActionPath = (summary: string) => ({
  post: {
    summary,
    requestParams: idParams,
    responses: jsonResponses(machineResponseSchema, 'Accepted; the task tells when it is done', '202'),
  },
})

/** The part of the outside contract that is about machines. */
export const machinePaths: ZodOpenApiPathsObject = {
  '/api/v1/machines': {
    get: {
      summary: 'List machines',
      requestParams: { query: machineListSchema },
      responses: jsonResponses(
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
      requestBody: { content: jsonContent(createMachineSchema) },
      responses: jsonResponses(createMachineResponseSchema, 'Accepted; the task tells when it runs', '202'),
    },
  },
  '/api/v1/machines/{id}': {
    get: {
      summary: 'One machine',
      requestParams: idParams,
      responses: jsonResponses(machineSchema, 'The machine'),
    },
    patch: {
      summary: 'Rename, tag or protect a machine, or change how long it lives',
      requestParams: idParams,
      requestBody: { content: jsonContent(updateMachineSchema) },
      responses: jsonResponses(machineSchema, 'The machine'),
    },
    delete: {
      summary: 'Terminate a machine, from whatever state it is in',
      requestParams: idParams,
      responses: jsonResponses(machineResponseSchema, 'Accepted; the task tells when it is gone', '202'),
    },
  },
  '/api/v1/machines/{id}/start': machineActionPath('Start a stopped machine'),
  '/api/v1/machines/{id}/stop': machineActionPath('Shut a machine down'),
  '/api/v1/machines/{id}/reboot': machineActionPath('Reboot a machine'),
  '/api/v1/machines/{id}/resize': {
    post: {
      ...machineActionPath('Give a stopped machine another size').post,
      requestBody: { content: jsonContent(z.object({ size: createMachineSchema.shape.size.unwrap() })) },
    },
  },
  '/api/v1/machines/{id}/events': {
    get: {
      summary: 'Who did what with a machine',
      requestParams: idParams,
      responses: jsonResponses(z.object({ events: z.array(machineEventSchema) }), 'Newest first'),
    },
  },
  '/api/v1/machines/{id}/console': {
    post: {
      summary: 'A token that opens the console, once and soon',
      requestParams: idParams,
      responses: jsonResponses(
        z.object({ token: z.string(), expiresAt: z.iso.datetime() }),
        'The token',
        '201',
      ),
    },
  },
  '/api/v1/machines/{id}/ports': {
    get: {
      summary: 'Ports of a machine that are reached at its host',
      requestParams: idParams,
      responses: jsonResponses(z.object({ ports: z.array(machinePortSchema) }), 'The ports'),
    },
    post: {
      summary: 'Have a port of a machine reached at a port of its host’s loopback',
      requestParams: idParams,
      requestBody: { content: jsonContent(forwardPortSchema) },
      responses: jsonResponses(machinePortSchema, 'It listens, or says why not', '201'),
    },
  },
  '/api/v1/machines/{id}/ports/{port}': {
    delete: {
      summary: 'Take a forwarded port back',
      requestParams: { path: idParams.path.extend({ port: forwardPortSchema.shape.guestPort }) },
      responses: noContentResponse('Nothing listens for it any more'),
    },
  },
  '/api/v1/machines/{id}/snapshots': {
    post: {
      summary: 'Take a snapshot of its disk',
      requestParams: idParams,
      requestBody: { content: jsonContent(createSnapshotSchema) },
      responses: jsonResponses(snapshotSchema, 'Accepted', '202'),
    },
  },
  '/api/v1/snapshots': {
    get: {
      summary: 'List snapshots',
      responses: jsonResponses(z.object({ snapshots: z.array(snapshotSchema) }), 'Newest first'),
    },
  },
  '/api/v1/snapshots/{id}': {
    delete: {
      summary: 'Delete a snapshot',
      requestParams: idParams,
      responses: noContentResponse('It is gone'),
    },
  },
  '/api/v1/machine-images': {
    get: {
      summary: 'What machines can be made of',
      responses: jsonResponses(
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
