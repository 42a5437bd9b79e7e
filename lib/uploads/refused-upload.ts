import type { RecordKind } from '../tasks/record-kind'
import * as messages from '@/lib/generated/messages/task-names'

/** A file that was refused before it became a video. */
export const refusedUpload: RecordKind = { name: 'upload.refused', label: messages.uploading }
