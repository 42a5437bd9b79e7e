// Shared with pages, which refuse files before they are sent.

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
  if (reason === 'empty') return 'The file is empty.'
  if (reason === 'too_large')
    return `The file is ${formatBytes(sizeBytes)}. The maximum is ${formatBytes(maxBytes)}.`
  return `This is not a video or audio file. Its type is ${type || 'unknown'}.`
}
