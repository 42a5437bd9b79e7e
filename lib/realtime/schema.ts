import { z } from 'zod'
import { captionSchema } from '../captions/schema'
import { machineSchema } from '../machines/schema'
import { taskSchema } from '../tasks/schema'
import { videoSchema } from '../videos/schema'

/** Path of the Socket.IO endpoint. */
export const SOCKET_PATH = '/api/socket'

/** Postgres channel on which the triggers of live tables tell what changed. */
export const CHANGES_CHANNEL = 'meanwhile_changes'

/** The rows that pages see change, by the name of their table; and what several of them are called. */
export const LIVE_COLLECTIONS = {
  task: 'tasks',
  video: 'videos',
  machine: 'machines',
  caption: 'captions',
} as const
export type LiveType = keyof typeof LIVE_COLLECTIONS

const liveSchemas = {
  tasks: z.array(taskSchema),
  videos: z.array(videoSchema),
  machines: z.array(machineSchema),
  captions: z.array(captionSchema),
}
/** Some rows of every type. */
export type LiveRows = { [Key in keyof typeof liveSchemas]: z.infer<(typeof liveSchemas)[Key]> }
type LiveRow<Type extends LiveType> = LiveRows[(typeof LIVE_COLLECTIONS)[Type]][number]

export const changeSchema = z.object({
  type: z.enum(Object.keys(LIVE_COLLECTIONS) as [LiveType, ...LiveType[]]),
  id: z.uuid(),
  ownerId: z.string(),
  version: z.number().int(),
  gone: z.boolean(),
})
export type Change = z.infer<typeof changeSchema>

/** Versions the browser already has, by id. */
export const knownVersionsSchema = z.record(z.uuid(), z.number().int())

export const seenTaskIdsSchema = z.array(z.uuid()).max(1_000)

const snapshotSchema = z.object({
  ...liveSchemas,
  gone: z.array(z.uuid()).describe('Asked about, and no longer there'),
})
export type Snapshot = z.infer<typeof snapshotSchema>

type LiveEvents = { [Type in LiveType]: (row: LiveRow<Type>) => void }

/** Events the server sends. Each row carries its version; one that is not higher is dropped. */
export interface ServerEvents extends LiveEvents {
  gone: (row: { type: Change['type']; id: string }) => void
  /** Places in line by task id. They change without a version when others move. */
  positions: (positions: Record<string, number>) => void
  /** Changes may have been missed: the client answers with `sync`. */
  resync: () => void
}

export interface ClientEvents {
  /** Sent after every (re)connect, on `resync`, and every 25 s: answers with all that is newer than `known`. */
  sync: (known: Record<string, number>, answer: (snapshot: Snapshot) => void) => void
  /** This page has the end of these tasks. */
  seen: (ids: string[]) => void
}
