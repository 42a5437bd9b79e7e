import type { SidecarResult } from './sidecars'

export interface UploadFile {
  id: string
  name: string
  sizeBytes: number
  sentBytes: number
  bytesPerSecond: number
  /** `refused`: the server rejected the file, and retrying cannot help. */
  state: 'sending' | 'paused' | 'failed' | 'refused' | 'done'
  problem?: string
  /** Of its video, which exists once the upload is done, or earlier if a part of the file can be played. */
  videoId?: string
  /** Whether it is an encrypted archive, which its owner imports once it is uploaded. */
  isArchive?: boolean
  /** Subtitle files that accompany it, with the result of each import that has completed. */
  sidecars: { name: string; result?: SidecarResult }[]
}
