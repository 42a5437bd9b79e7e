// Shared with pages, which do not need the schemas.

/** Path of the Socket.IO endpoint. */
export const SOCKET_PATH = '/api/socket'

/** The tables whose changes are published to pages, each with the name of its collection. */
export const LIVE_COLLECTIONS = {
  task: 'tasks',
  video: 'videos',
  machine: 'machines',
  caption: 'captions',
  notification: 'notifications',
  playlist: 'playlists',
} as const
export type LiveType = keyof typeof LIVE_COLLECTIONS

/** Rows that a page may name in one `sync`. */
export const MAX_KNOWN_ROWS = 2_000
