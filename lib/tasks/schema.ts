import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'
import { legacySubjectFields, legacySubjectQuery } from './legacy-subject'

export const taskStateSchema = z.enum(['queued', 'in_progress', 'done', 'failed', 'canceled'])

export const taskErrorSchema = z.object({
  code: z.string().describe('Stable, for programs: video.unreadable'),
  message: z.string().describe('For users: what happened'),
  advice: z.string().nullish().describe('For users: what to do'),
})

const renditionProgressSchema = z.object({
  name: z.string(),
  state: taskStateSchema,
  progress: z.number().min(0).max(1),
})

const stageSchema = z.object({
  name: z.string(),
  seconds: z.number().nullable().describe('Null while it runs'),
})

/** Details that a kind of task reports beside its progress. */
const taskDetailSchema = z.object({
  renditions: z.array(renditionProgressSchema).optional(),
  speed: z.number().optional().describe('Multiple of real time'),
  stages: z.array(stageSchema).optional(),
  filename: z.string().optional().describe('Of a file that became no video'),
  outputTail: z.string().optional().describe('The end of the output of a script'),
  outputBytes: z.number().optional(),
  receivedBytes: z.number().optional().describe('Of a download'),
  totalBytes: z
    .number()
    .nullish()
    .describe('Of a download; null if the server does not state it: `progress` is then 0 until the end'),
})

/** A task as the REST API and the socket return it. */
export const taskSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  label: z.string().describe('The kind for display; of a skipped task, what happened instead'),
  state: taskStateSchema,
  isSkipped: z
    .boolean()
    .describe('Done without doing its work, as `label` says, such as captions of a video without audio'),
  stage: z.string().nullable(),
  progress: z.number().min(0).max(1),
  etaSeconds: z
    .number()
    .nullable()
    .describe('Seconds until it is done, with the time that it waits; null while too little is known'),
  etaRangeSeconds: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .describe('The range in which etaSeconds is most likely'),
  startsInSeconds: z.number().nullable().describe('Of a waiting task: seconds until it starts'),
  position: z
    .number()
    .int()
    .nullable()
    .describe('Queue position, 1 is next; null while the task waits for its parent or its next attempt'),
  hasWorker: z
    .boolean()
    .describe('False while the task waits in a queue that no worker takes; it starts once one does'),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  version: z.number().int().describe('Grows with every change; ignore a lower one'),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  seenAt: z.iso.datetime().nullable().describe('When a browser of its owner first showed that it ended'),
  result: z.unknown().nullable(),
  error: taskErrorSchema.nullable(),
  detail: taskDetailSchema.nullable(),
  parentId: z.uuid().nullable().describe('The task whose completion starts this one'),
  ...legacySubjectFields,
})

/** Query parameters of the task list. */
export const taskListSchema = z.object({
  kind: z.string().overwrite(sanitizeText).optional(),
  state: taskStateSchema.optional(),
  search: z
    .string()
    .trim()
    .overwrite(sanitizeText)
    .optional()
    .describe('Part of a title, name, file name, kind or error message, or an id'),
  ...legacySubjectQuery,
  cursor: z.uuid().optional().describe('nextCursor of the previous page'),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** Query parameters of the event stream. */
export const taskEventsSchema = z.object({
  kind: z.string().overwrite(sanitizeText).optional().describe('Only tasks of this kind'),
  taskId: z
    .uuid()
    .optional()
    .describe('Only this task; its current state is sent first, even if it has ended'),
  lastEventId: z
    .string()
    .optional()
    .describe('Same as the Last-Event-ID header, for clients that cannot set it'),
})

/** One line of a task's log. */
export const logLineSchema = z.object({
  at: z.iso.datetime(),
  attempt: z.number().int(),
  level: z.string(),
  message: z.string(),
})

export type LogLineDto = z.infer<typeof logLineSchema>
export type TaskDto = z.infer<typeof taskSchema>
export type TaskError = z.infer<typeof taskErrorSchema>
export type TaskListQuery = Omit<z.infer<typeof taskListSchema>, keyof typeof legacySubjectQuery>
export type TaskDetail = z.infer<typeof taskDetailSchema>
