import type { Checksum } from './checksum'

export interface DownloadOptions {
  url: string
  /** Path of the finished file. Partial data is stored next to it as `.part`. */
  destination: string
  /** A file with another checksum is deleted. */
  checksum: Checksum
  /** A larger file is refused before it fills the disk. Default: unlimited. */
  maxBytes?: number
  signal: AbortSignal
  /** Longest time until the server responds, in milliseconds. Default: `stallTimeoutMs`. */
  responseTimeoutMs?: number
  /** Longest time without a byte, in milliseconds. Default: 60 s. */
  stallTimeoutMs?: number
  /** Attempts when the connection breaks; exceeded only while each attempt makes progress. Default: 1. */
  maxAttempts?: number
  onProgress?(progress: { bytes: number; totalBytes: number | null }): void
}
