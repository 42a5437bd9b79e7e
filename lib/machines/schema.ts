import { z } from 'zod'
import { MachineDesire, MachineNetwork, MachineState } from '../generated/prisma/enums'
import { sanitizeText } from '../text/sanitize'
import { taskErrorSchema, taskSchema } from '../tasks/schema'
import { machineSizeSchema } from './size-schema'
import { SIZE_NAMES } from './sizes'

const portNumberSchema = z.number().int().min(1).max(65_535)

/** A port of the machine at a port of its host. */
export const machinePortSchema = z.object({
  guestPort: portNumberSchema,
  hostPort: portNumberSchema
    .nullable()
    .describe('On the loopback of its host, 127.0.0.1; null until it listens'),
  problem: z.string().nullable().describe('Why nothing listens there now'),
})
export type MachinePortDto = z.infer<typeof machinePortSchema>

export const forwardPortSchema = z.object({
  guestPort: portNumberSchema,
  hostPort: portNumberSchema.min(1_024).optional().describe('A free one is chosen if it is left out'),
})

/** A machine as the outside sees it. */
export const machineSchema = z.object({
  id: z.uuid(),
  order: z.number().int().describe('The number of the order it was made for'),
  name: z.string(),
  image: z.string(),
  size: machineSizeSchema.extend({ name: z.string() }),
  state: z.enum(MachineState),
  desired: z.enum(MachineDesire),
  error: taskErrorSchema.nullable().describe('Why it is not as desired'),
  host: z
    .object({
      name: z.string(),
      isLost: z.boolean().describe('It has not been heard of: what it runs may go on, and cannot be reached'),
      isAccelerated: z.boolean(),
      note: z.string(),
    })
    .nullable(),
  network: z.enum(MachineNetwork),
  ports: z.array(machinePortSchema),
  sshKeys: z.array(z.string()),
  tags: z.array(z.string()),
  hasUserData: z.boolean(),
  isProtected: z.boolean().describe('It cannot be terminated until this is taken off'),
  isKeptRunning: z.boolean().describe('It is started again when it ended without being asked to'),
  autoStopMinutes: z.number().int().nullable(),
  expiresAt: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  terminatedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  version: z.number().int(),
  taskId: z.uuid().nullable().describe('The newest task that changes its state'),
  scriptTaskId: z.uuid().nullable().describe('The task that runs its user-data'),
})
export type MachineDto = z.infer<typeof machineSchema>

const machineNameSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i,
    'Letters, digits and hyphens, at most 63, and no hyphen at either end.',
  )
const sshKeySchema = z
  .string()
  .trim()
  .max(8_192)
  .regex(
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]+={0,3}( [^\p{Cc}\p{Cs}]*)?$/u,
    'An OpenSSH public key: its type, the key, and a comment.',
  )
const MINUTES_PER_YEAR = 366 * 24 * 60

/** What may be asked for. */
export const createMachineSchema = z.object({
  name: machineNameSchema.optional().describe('The name inside, too. One is made up if it is left out'),
  image: z.string().overwrite(sanitizeText).min(1).max(100).default('tiny'),
  size: z.union([z.enum(SIZE_NAMES), machineSizeSchema]).default('tiny'),
  userData: z
    .string()
    .min(1)
    .max(65_536)
    .regex(/^[^\0\p{Cs}]*$/u, 'A script is text: there is no NUL in it, nor half of a character.')
    .optional()
    .describe('A script, run in the new machine'),
  scriptTimeoutMinutes: z
    .number()
    .int()
    .min(1)
    .max(12 * 60)
    .default(60),
  terminateAfterScript: z.boolean().default(false),
  ttlMinutes: z.number().int().min(1).max(MINUTES_PER_YEAR).optional().describe('Terminated after this'),
  autoStopMinutes: z
    .number()
    .int()
    .min(1)
    .max(MINUTES_PER_YEAR)
    .optional()
    .describe('Stopped after running this'),
  sshKeys: z.array(sshKeySchema).max(20).default([]),
  tags: z
    .array(z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:-]{0,39}$/u, 'Letters, digits and _ . : -'))
    .max(20)
    .default([]),
  network: z.enum(MachineNetwork).default('none'),
  isProtected: z.boolean().default(false),
  isKeptRunning: z.boolean().default(false),
})
export type CreateMachineRequest = z.infer<typeof createMachineSchema>
/** As it is sent: what has a default may be left out. */
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
      .describe('From now on; null: for ever'),
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

/** One line of the audit trail. */
export const machineEventSchema = z.object({
  at: z.iso.datetime(),
  actor: z.string().nullable().describe('E-mail; null where the app did it by itself'),
  action: z.string(),
  detail: z.string().nullable(),
})
export type MachineEventDto = z.infer<typeof machineEventSchema>

/** An image as the host offers it. */
export const machineImageSchema = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string(),
  minimum: machineSizeSchema,
  problem: z.string().nullable(),
})
export type MachineImageDto = z.infer<typeof machineImageSchema>
