// Shared with pages, which refuse files before they are sent.

import * as messages from '@/lib/generated/messages/upload-errors'
import { formatBytes } from '../text/format-bytes'

/** Files in one request. */
export const MAX_REFUSED_FILES = 50

/** Why a page refuses a file. */
export const refusalReasons = ['empty', 'too_large', 'not_media'] as const
export type RefusalReason = (typeof refusalReasons)[number]

export interface RefusedFile {
  reason: RefusalReason
  sizeBytes: number
  /** The media type, by the system of the user. */
  type: string
}

/** What happened, for the user. */
export function describeRefusal({ reason, sizeBytes, type }: RefusedFile, maxBytes: number) {
  if (reason === 'empty') return messages.empty()
  if (reason === 'too_large')
    return messages.larger({ size: formatBytes(sizeBytes), limit: formatBytes(maxBytes) })
  return type ? messages.notMedia({ type }) : messages.notMediaUnknown()
}
