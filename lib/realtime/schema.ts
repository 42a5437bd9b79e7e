import { z } from 'zod'
import { captionSchema } from '../captions/schema'
import { machineSchema } from '../machines/schema'
import { notificationSchema } from '../notifications/schema'
import { playlistSchema } from '../playlists/schema'
import type { TimeEstimate } from '../tasks/forecast/queries'
import { taskSchema } from '../tasks/schema'
import { videoSchema } from '../videos/schema'
import { LIVE_COLLECTIONS, type LiveType, MAX_KNOWN_ROWS } from './collections'

/** Postgres channel on which the triggers of live tables publish changes. */
export const CHANGES_CHANNEL = 'meanwhile_changes'

const liveSchemas = {
  tasks: z.array(taskSchema),
  videos: z.array(videoSchema),
  machines: z.array(machineSchema),
  captions: z.array(captionSchema),
  notifications: z.array(notificationSchema),
  playlists: z.array(playlistSchema),
}
/** The rows of every collection, as the server sends them. */
export type LiveRows = { [Key in keyof typeof liveSchemas]: z.infer<(typeof liveSchemas)[Key]> }
type LiveRow<Type extends LiveType> = LiveRows[(typeof LIVE_COLLECTIONS)[Type]][number]

const changeSchema = z.object({
  type: z.enum(Object.keys(LIVE_COLLECTIONS) as [LiveType, ...LiveType[]]),
  id: z.uuid(),
  ownerId: z.string(),
  version: z.number().int(),
  gone: z.boolean(),
})
export type Change = z.infer<typeof changeSchema>

/** A notification: one change, or those of rows that one statement has inserted. */
export const changesSchema = z.union([changeSchema.transform((change) => [change]), z.array(changeSchema)])

/** Rows of each kind in one snapshot. The page receives further ones at its next `sync`. */
export const MAX_SNAPSHOT_ROWS: Record<LiveType, number> = {
  task: 500,
  video: 200,
  machine: 200,
  caption: 200,
  notification: 100,
  playlist: 20,
}

/** The versions that the page has, by row id. */
export const knownVersionsSchema = z
  .record(z.uuid(), z.number().int())
  .refine((known) => Object.keys(known).length <= MAX_KNOWN_ROWS)

export const seenTaskIdsSchema = z.array(z.uuid()).max(1_000)

/** A visit of a user: a time in which some page was visible, but for pauses shorter than two minutes. */
export interface VisitDto {
  startedAt: string
  /** When the visit before it ended; null during the first one. */
  awaySince: string | null
}

const snapshotSchema = z.object({
  ...liveSchemas,
  gone: z.array(z.uuid()).describe('Known ids that no longer exist'),
})
export type Snapshot = z.infer<typeof snapshotSchema>

type LiveEvents = { [Type in LiveType]: (row: LiveRow<Type>) => void }

/** Events from the server. Every row carries its version; clients drop a row whose version is not higher. */
export interface ServerEvents extends LiveEvents {
  gone: (row: { type: Change['type']; id: string }) => void
  /**
   * Queue positions by task id, and which of these tasks no worker takes. They change without a version when other tasks
   * move and workers come and go.
   */
  positions: (positions: Record<string, number>, idsWithoutWorker: readonly string[]) => void
  /** When unfinished tasks are expected to start and end, by task id. They change without a version, as time passes. */
  estimates: (estimates: Record<string, TimeEstimate>) => void
  /** Changes may have been lost; the client responds with `sync`. */
  resync: () => void
}

export interface ClientEvents {
  /** Sent after every (re)connect, on `resync`, and every 25 s. The server returns every row newer than `known`. */
  sync: (known: Record<string, number>, respond: (snapshot: Snapshot) => void) => void
  /** The page has shown that these tasks ended. */
  seen: (ids: string[]) => void
  /** The user looks at the page: after every (re)connect, when it is shown or hidden, and once a minute. */
  present: (respond: (visit: VisitDto) => void) => void
}
