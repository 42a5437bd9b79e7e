import type { Readable } from 'node:stream'

/** Where finished files live. Keys are relative, `/`-separated: `videos/<id>/poster.jpg`. */
export interface Storage {
  /** Stores `data` whole or not at all; an existing key is replaced. */
  put(key: string, data: Buffer): Promise<void>
  /** Takes a local file over; `file` is gone afterwards. */
  moveIn(key: string, file: string): Promise<void>
  /** Stores a local file that stays where it is; without taking its room twice where the file system lets it. */
  copyIn(key: string, file: string): Promise<void>
  /** Size, and a tag that is another one when the content is (RFC 9110, quoted); null when there is none. */
  stat(key: string): Promise<{ sizeBytes: number; etag: string } | null>
  /** Bytes `start` to `end`, both included; all of it by default. @throws {AppError} storage.not_found */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>
  /** A local path that holds the content, for programs that read files. */
  localPath(key: string): Promise<string>
  /** Names of what lies directly below `prefix`, a folder; none when it is absent. */
  list(prefix: string): Promise<string[]>
  /** Removes every key that begins with `prefix`, a folder. Absent ones are fine. */
  removeAll(prefix: string): Promise<void>
}
