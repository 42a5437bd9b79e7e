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
import { machineOfferSchema } from './offer-schema'
import { machineListSchema } from './queries'
import { createSnapshotSchema, snapshotSchema } from './snapshots'

const machineActionPath = (summary: string) => ({
  post: {
    summary,
    requestParams: idParams,
    responses: jsonResponses(machineResponseSchema, 'Accepted; the task reports completion', '202'),
  },
})

/** OpenAPI paths of machines. */
export const machinePaths: ZodOpenApiPathsObject = {
  '/api/v1/machines': {
    get: {
      summary: 'List machines',
      requestParams: { query: machineListSchema },
      responses: jsonResponses(
        z.object({ machines: z.array(machineSchema), nextCursor: z.uuid().nullable() }),
        'A page of machines, without terminated ones unless `state` selects them',
      ),
    },
    post: {
      summary: 'Create a machine',
      requestParams: {
        header: z.object({
          'idempotency-key': z
            .string()
            .optional()
            .describe('Repeating a request with the same key returns the same machine'),
        }),
      },
      requestBody: { content: jsonContent(createMachineSchema) },
      responses: jsonResponses(
        createMachineResponseSchema,
        'Accepted; the task reports when the machine is running',
        '202',
      ),
    },
  },
  '/api/v1/machines/{id}': {
    get: {
      summary: 'Get a machine',
      requestParams: idParams,
      responses: jsonResponses(machineSchema, 'The machine'),
    },
    patch: {
      summary: 'Update name, tags, protection, restart policy or time limits',
      requestParams: idParams,
      requestBody: { content: jsonContent(updateMachineSchema) },
      responses: jsonResponses(machineSchema, 'The machine'),
    },
    delete: {
      summary: 'Terminate a machine from any state',
      requestParams: idParams,
      responses: jsonResponses(machineResponseSchema, 'Accepted; the task reports completion', '202'),
    },
  },
  '/api/v1/machines/{id}/start': machineActionPath('Start a stopped machine'),
  '/api/v1/machines/{id}/stop': machineActionPath('Shut down a machine'),
  '/api/v1/machines/{id}/reboot': machineActionPath('Reboot a machine'),
  '/api/v1/machines/{id}/resize': {
    post: {
      ...machineActionPath('Resize a stopped machine').post,
      requestBody: { content: jsonContent(z.object({ size: createMachineSchema.shape.size.unwrap() })) },
    },
  },
  '/api/v1/machines/{id}/events': {
    get: {
      summary: 'List the audit events of a machine',
      requestParams: idParams,
      responses: jsonResponses(z.object({ events: z.array(machineEventSchema) }), 'Newest first'),
    },
  },
  '/api/v1/machines/{id}/console': {
    post: {
      summary: 'Create a single-use, short-lived console token',
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
      summary: 'List forwarded ports',
      requestParams: idParams,
      responses: jsonResponses(z.object({ ports: z.array(machinePortSchema) }), 'The ports'),
    },
    post: {
      summary: 'Forward a port of the host’s loopback to the machine',
      requestParams: idParams,
      requestBody: { content: jsonContent(forwardPortSchema) },
      responses: jsonResponses(machinePortSchema, 'The open port', '201'),
    },
  },
  '/api/v1/machines/{id}/ports/{port}': {
    delete: {
      summary: 'Stop forwarding a port',
      requestParams: { path: idParams.path.extend({ port: forwardPortSchema.shape.guestPort }) },
      responses: noContentResponse('Stopped'),
    },
  },
  '/api/v1/machines/{id}/snapshots': {
    post: {
      summary: 'Create a snapshot of the disk',
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
      responses: noContentResponse('Deleted'),
    },
  },
  '/api/v1/machine-images': {
    get: {
      summary: 'List images',
      responses: jsonResponses(
        z.object({
          images: z.array(machineImageSchema),
          problem: z.string().nullable().describe('Why machines are unavailable'),
          isAwaited: z.boolean().describe('No host is online yet'),
          outboundProblem: z.string().nullable().describe('Why outbound network is unavailable'),
          note: z
            .string()
            .nullable()
            .describe('How machines run, and the consequences for speed and isolation'),
          isAccelerated: z.boolean(),
          takesCloudConfig: z
            .boolean()
            .describe('A host passes user data that begins with #cloud-config on to cloud-init'),
          offers: z
            .array(machineOfferSchema)
            .describe('What machines are in place of exact sizes; empty if sizes are exact'),
        }),
        'The images',
      ),
    },
  },
}
