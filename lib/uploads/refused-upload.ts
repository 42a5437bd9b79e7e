import type { RecordKind } from '../tasks/record-kind'

/** A file that was refused before it became a video. */
export const refusedUpload: RecordKind = { name: 'upload.refused', label: 'Uploading' }
