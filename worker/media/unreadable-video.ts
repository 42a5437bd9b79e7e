import { PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/media-errors'

export const UNREADABLE = 'video.unreadable'

/** Why a file cannot be read, as in the message. */
export type UnreadableReason =
  | 'noFrames'
  | 'noVideo'
  | 'noSound'
  | 'undecodableAudio'
  | 'metadata'
  | 'slow'
  | 'format'
  | 'content'
  | 'endsEarly'
  | 'damaged'

export const unreadableVideo = (reason: UnreadableReason, cause?: unknown) =>
  new PermanentError({
    code: UNREADABLE,
    message: messages.unreadable({ reason }),
    advice: messages.unreadableAdvice(),
    cause,
  })
