import { PermanentError } from '@/lib/errors'

export const UNREADABLE = 'video.unreadable'

export const unreadableVideo = (reason: string, cause?: unknown) =>
  new PermanentError({
    code: UNREADABLE,
    message: `This file could not be read: ${reason}.`,
    advice: 'Check that it plays on your computer, export or copy it again, and upload the new file.',
    cause,
  })
