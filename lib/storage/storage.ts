import type { Readable } from 'node:stream'

/** Storage of finished files. Keys are relative and separated by `/`: `videos/<id>/poster.jpg`. */
export interface Storage {
  /** Stores `data` atomically; replaces an existing key. */
  put(key: string, data: Buffer): Promise<void>
  /** Moves a local file into storage. */
  moveIn(key: string, file: string): Promise<void>
  /** Stores a local file and leaves it in place, without duplicating its data if the file system supports links. */
  copyIn(key: string, file: string): Promise<void>
  /** The size and the quoted entity tag (RFC 9110), which changes with the content; null if the key does not exist. */
  stat(key: string): Promise<{ sizeBytes: number; etag: string } | null>
  /** Reads bytes `start` to `end`, inclusive; all by default. @throws {AppError} file.not_found */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>
  /** A local path with the content, for programs that read files. @throws {AppError} file.not_found */
  localPath(key: string): Promise<string>
  /** Names of the direct children of the folder `prefix`; empty if it does not exist. */
  list(prefix: string): Promise<string[]>
  /** Removes the folder `prefix` with all its keys. Idempotent. */
  removeAll(prefix: string): Promise<void>
}
