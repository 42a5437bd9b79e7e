import type { Readable } from 'node:stream'

export interface WriteOptions {
  /** Default: by the extension of the key. */
  contentType?: string
  /** The expected size of a stream. Needed beyond 80 GB. */
  sizeBytes?: number
  /** Aborting it rejects the call with its reason; the key then has its earlier content, or none. */
  signal?: AbortSignal
}

interface ReadOptions {
  /** The first and last byte, both included. Default: all bytes. */
  range?: { start: number; end: number }
  signal?: AbortSignal
}

export interface FileStat {
  sizeBytes: number
  /** The quoted entity tag (RFC 9110), which changes with the content. */
  etag: string
}

export interface LocalFileOptions {
  key: string
  /** Checked after a download, in hexadecimal. Default: only the size and that the object did not change meanwhile. */
  sha256?: string
  signal: AbortSignal
}

interface TemporaryUrlOptions {
  /** Valid for at least half of it. */
  expiresInSeconds: number
  /** The headers of the response. */
  contentType: string
  contentDisposition?: string
  cacheControl: string
}

/** A file of a known size that several requests write one after another, each in any process. */
export interface ResumableWrite {
  /** As returned by `begin`. */
  id: string
  key: string
  sizeBytes: number
}

/** The file appears at its key only when it is complete. Only one request at a time may append. */
export interface ResumableWrites {
  begin(key: string): Promise<string>
  /** The number of bytes stored, all of them also after `complete`; null if the write was aborted. */
  countBytes(write: ResumableWrite): Promise<number | null>
  /**
   * Appends `data` at `offset`, which must be the number of bytes stored. Resolves once they are stored. If it rejects,
   * some of them are.
   */
  append(write: ResumableWrite, options: { offset: number; data: AsyncIterable<Buffer> }): Promise<void>
  /** Makes all bytes the file. Idempotent. */
  complete(write: ResumableWrite): Promise<void>
  /** Removes what was stored of an incomplete file. Idempotent. */
  abort(write: ResumableWrite): Promise<void>
}

/**
 * Storage of finished files. Keys are relative and separated by `/`: `videos/<id>/poster.jpg`; see lib/storage/keys. A key
 * that would leave the storage has no file. Every driver passes `tests/support/contracts/storage-contract.ts`.
 *
 * All methods throw StorageUnavailable if the storage cannot be reached or refuses this server.
 */
export interface Storage {
  readonly name: 'local' | 's3'
  /** Where files are stored, for display to administrators; without credentials. */
  readonly target: string
  /** Stores `data` atomically; replaces an existing key. A stream is read to its end with backpressure. */
  put(key: string, data: Buffer | Readable, options?: WriteOptions): Promise<void>
  /** Moves a local file into storage. @throws {Error} if it is not a regular file */
  moveIn(key: string, file: string, options?: WriteOptions): Promise<void>
  /**
   * Stores a local file and leaves it in place, without duplicating its data if the file system supports links.
   * @throws {Error} if it is not a regular file
   */
  copyIn(key: string, file: string, options?: WriteOptions): Promise<void>
  /** Null if the key does not exist. */
  stat(key: string, options?: { signal?: AbortSignal }): Promise<FileStat | null>
  /** Resolves once the file is open. @throws {AppError} file.not_found */
  read(key: string, options?: ReadOptions): Promise<Readable>
  /**
   * Runs `work` with the path of a local file that has the content of `key`, for programs that read files. The file
   * exists until `work` settles and must not be written to.
   * @throws {AppError} file.not_found
   */
  withLocalFile<T>(options: LocalFileOptions, work: (file: string) => Promise<T>): Promise<T>
  /** Removes the local copies that were not used for `unusedMs`. Missing if the driver makes none. */
  removeUnusedCopies?(unusedMs: number): Promise<void>
  /** Names of the direct children of the folder `prefix`; empty if it does not exist. */
  list(prefix: string): Promise<string[]>
  /** All files below the folder `prefix`, in no particular order; of the whole storage if it is empty. */
  walk(prefix: string): AsyncIterable<{ key: string; sizeBytes: number }>
  /** Removes the key or folder `prefix` with all its keys. Idempotent. */
  removeAll(prefix: string): Promise<void>
  /**
   * Removes unfinished writes below the folder `prefix` that began before `before`, except those of files that `isKept`
   * names by key. Returns their number.
   */
  removeUnfinished(prefix: string, before: Date, isKept?: (key: string) => boolean): Promise<number>
  /** Missing if files must be collected on a local disk. */
  resumable?: ResumableWrites
  /**
   * A URL at which a browser reads the file, without credentials, until it expires. Missing if only this server can read
   * files. Does not check that the file exists.
   */
  temporaryUrl?(key: string, options: TemporaryUrlOptions): Promise<string>
}
