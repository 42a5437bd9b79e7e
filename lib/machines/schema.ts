import { z } from 'zod'
import { MachineDesire, MachineNetwork, MachineState } from '../generated/prisma/enums'
import { sanitizeText } from '../text/sanitize'
import { taskErrorSchema, taskSchema } from '../tasks/schema'
import { machineCapabilitiesSchema, machineKindSchema } from './capabilities'
import { machineOfferSchema } from './offer-schema'
import { machineSizeSchema } from './size-schema'
import { SIZE_NAMES } from './sizes'
import * as messages from '../generated/messages/machine-errors'

const portNumberSchema = z.number().int().min(1).max(65_535)

/** A forwarded port. */
export const machinePortSchema = z.object({
  guestPort: portNumberSchema,
  hostPort: portNumberSchema.nullable().describe('On 127.0.0.1 of the host; null until it is open'),
  problem: z.string().nullable().describe('Why the port is not open'),
})
export type MachinePortDto = z.infer<typeof machinePortSchema>

export const forwardPortSchema = z.object({
  guestPort: portNumberSchema,
  hostPort: portNumberSchema
    .min(1_024)
    .optional()
    .describe('In MACHINE_PORT_RANGE. Default: any free port of that range'),
})

/** A machine in the API. */
export const machineSchema = z.object({
  id: z.uuid(),
  order: z.number().int().describe('Order number'),
  name: z.string(),
  image: z.string(),
  size: machineSizeSchema.extend({ name: z.string() }),
  state: z.enum(MachineState),
  desired: z.enum(MachineDesire),
  error: taskErrorSchema
    .nullable()
    .describe('Why the machine is not in its desired state, or how it is impaired'),
  host: z
    .object({
      name: z.string(),
      isLost: z.boolean().describe('No recent heartbeat: its machines may be running but are unreachable'),
      kind: machineKindSchema.describe(
        'What the machine is: with a kernel of its own, or sharing that of its host',
      ),
      capabilities: machineCapabilitiesSchema.describe('What the host can do with its machines'),
      offer: machineOfferSchema
        .nullable()
        .describe('The type of the machine, where the host offers types in place of exact sizes'),
      isAccelerated: z.boolean(),
      note: z.string(),
    })
    .nullable(),
  network: z.enum(MachineNetwork),
  ports: z.array(machinePortSchema),
  sshKeys: z.array(z.string()),
  tags: z.array(z.string()),
  hasUserData: z.boolean(),
  isProtected: z.boolean().describe('Termination protection'),
  isKeptRunning: z.boolean().describe('Restart automatically after a crash or host reboot'),
  autoStopMinutes: z.number().int().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  terminatedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  version: z.number().int(),
  taskId: z.uuid().nullable().describe('Newest state-changing task'),
  scriptTaskId: z.uuid().nullable().describe('Task that runs the user data'),
})
export type MachineDto = z.infer<typeof machineSchema>

/** The image of machines whose request names none. Every driver offers it. */
export const DEFAULT_IMAGE = 'tiny'

const machineNameSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i, { error: () => messages.atMost63() })
const sshKeySchema = z
  .string()
  .trim()
  .max(8_192)
  .regex(
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]+={0,3}( [^\p{Cc}\p{Cs}]*)?$/u,
    { error: () => messages.sshKey() },
  )
const MINUTES_PER_YEAR = 366 * 24 * 60

/** Request to create a machine. */
export const createMachineSchema = z.object({
  name: machineNameSchema.optional().describe('Also the host name of the guest. Default: generated'),
  image: z.string().overwrite(sanitizeText).min(1).max(100).default(DEFAULT_IMAGE),
  size: z.union([z.enum(SIZE_NAMES), machineSizeSchema]).default('tiny'),
  userData: z
    .string()
    .min(1)
    .max(65_536)
    .regex(/^[^\0\p{Cs}]*$/u, { error: () => messages.userData() })
    .optional()
    .describe(
      'Script to run in the new machine. On hosts with the capability cloudConfig, for images with cloud-init, also its configuration: text that begins with #cloud-config',
    ),
  scriptTimeoutMinutes: z
    .number()
    .int()
    .min(1)
    .max(12 * 60)
    .default(60),
  terminateAfterScript: z.boolean().default(false),
  ttlMinutes: z
    .number()
    .int()
    .min(1)
    .max(MINUTES_PER_YEAR)
    .optional()
    .describe('Terminate after this many minutes'),
  autoStopMinutes: z
    .number()
    .int()
    .min(1)
    .max(MINUTES_PER_YEAR)
    .optional()
    .describe('Stop after running for this many minutes'),
  sshKeys: z.array(sshKeySchema).max(20).default([]),
  tags: z
    .array(z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,39}$/u, { error: () => messages.tag() }))
    .max(20)
    .default([]),
  network: z.enum(MachineNetwork).default('none'),
  isProtected: z.boolean().default(false),
  isKeptRunning: z.boolean().default(false),
})
export type CreateMachineRequest = z.infer<typeof createMachineSchema>
/** As sent by clients: fields with a default are optional. */
export type CreateMachineInput = z.input<typeof createMachineSchema>

export const updateMachineSchema = z
  .object({
    name: machineNameSchema,
    tags: createMachineSchema.shape.tags.unwrap(),
    isProtected: z.boolean(),
    isKeptRunning: z.boolean(),
    ttlMinutes: z
      .number()
      .int()
      .min(1)
      .max(MINUTES_PER_YEAR)
      .nullable()
      .describe('Counted from now; null: unlimited'),
    autoStopMinutes: z.number().int().min(1).max(MINUTES_PER_YEAR).nullable(),
  })
  .partial()
export type UpdateMachineRequest = z.infer<typeof updateMachineSchema>

export const machineResponseSchema = z.object({ machine: machineSchema, task: taskSchema.nullable() })
export const createMachineResponseSchema = z.object({
  machine: machineSchema,
  order: z.object({ number: z.number().int(), createdAt: z.iso.datetime() }),
  task: taskSchema,
})
export type CreateMachineResponse = z.infer<typeof createMachineResponseSchema>

/** One event of the audit trail. */
export const machineEventSchema = z.object({
  at: z.iso.datetime(),
  actor: z.string().nullable().describe('E-mail address; null: the app itself'),
  action: z.string(),
  detail: z.string().nullable(),
})
export type MachineEventDto = z.infer<typeof machineEventSchema>

/** An image of the catalog. */
export const machineImageSchema = z.object({
  name: z.string(),
  aliases: z.array(z.string()).default([]).describe('Other names of the image, which requests may use too'),
  label: z.string(),
  description: z.string(),
  kind: machineKindSchema.default('vm'),
  minimum: machineSizeSchema,
  problem: z.string().nullable(),
})
export type MachineImageDto = z.infer<typeof machineImageSchema>
