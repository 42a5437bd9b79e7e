import { z } from 'zod'

const processRoleSchema = z.enum(['worker', 'web'])
export type ProcessRole = z.infer<typeof processRoleSchema>

const runningTaskSchema = z.object({
  taskId: z.uuid(),
  kind: z.string(),
  label: z.string(),
  stage: z.string().nullable(),
  progress: z.number(),
  startedAt: z.iso.datetime(),
  email: z.string().describe('Of its owner'),
})

/** A web or worker process, as its last heartbeat describes it. Null: its version does not report it. */
const processSchema = z.object({
  id: z.string(),
  role: processRoleSchema,
  hostname: z.string().nullable(),
  pid: z.number().int().nullable(),
  version: z.string().nullable(),
  schemaLevel: z.string().nullable().describe('The newest migration that its code contains'),
  isOnline: z.boolean().describe('Seen within 20 s'),
  seenAt: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  queues: z.array(z.string()).nullable().describe('The queues it takes tasks from now'),
  drainReason: z.string().nullable().describe('Why it takes no further tasks'),
  sandboxProblem: z.string().nullable(),
  storageProblem: z.string().nullable().describe('Null if the storage is reachable'),
  videoEncoder: z
    .string()
    .nullable()
    .describe('What it encodes H.264 with: software, vaapi, nvenc or qsv. Null for a web process'),
  encoderProblem: z.string().nullable().describe('Why it is not the configured one'),
  clockOffsetMs: z.number().int().nullable().describe('Its clock minus that of the database'),
  load: z.number().nullable().describe('Average over a minute'),
  cpus: z.number().int().nullable(),
  memoryUsedBytes: z.number().nullable(),
  memoryTotalBytes: z.number().nullable(),
  rssBytes: z.number().nullable().describe('Memory of the process itself'),
  tasks: z.array(runningTaskSchema).describe('What it does now'),
})

export const processListSchema = z.object({ processes: z.array(processSchema) })
export type ProcessDto = z.infer<typeof processSchema>
