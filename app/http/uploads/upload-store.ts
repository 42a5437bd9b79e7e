import type { DataStore } from '@tus/server'
import type { Upload } from '@/lib/generated/prisma/client'

export type UploadRow = Pick<
  Upload,
  'id' | 'filename' | 'sizeBytes' | 'videoId' | 'storageWriteId' | 'isArchive' | 'isStored'
>

/** Where tus uploads are received. */
export interface UploadStore extends DataStore {
  /** Whether all bytes of an upload are stored, also if it is not registered. */
  hasAllBytes(upload: UploadRow): Promise<boolean>
  /** Stores a received file at its `sourceKey`. Idempotent. Returns its SHA-256 in hexadecimal. */
  storeSource(upload: UploadRow): Promise<string>
  /** Removes what `storeSource` leaves. Idempotent. */
  removeReceived(id: string): Promise<void>
}
