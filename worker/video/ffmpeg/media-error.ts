import { AppError, PermanentError } from '@/lib/errors'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { SandboxFailure } from '@/worker/process/sandbox'
import * as messages from '@/lib/generated/messages/media-errors'

/** Maps an error message of ffmpeg to an error that a user can act on; returns other errors unchanged. */
export function toMediaError(error: unknown) {
  if (!(error instanceof SandboxFailure)) return error
  if (/No space left/i.test(error.stderr)) return error
  if (/No such filter|Unknown encoder/i.test(error.stderr)) {
    const message = messages.ffmpegIncomplete()
    return new AppError({ code: 'media.ffmpeg_incomplete', message, status: 503, cause: error })
  }
  if (/Decoder .*not found|no decoder|Unknown decoder/i.test(error.stderr))
    return unreadableVideo('format', error)
  if (/Cannot allocate memory|malloc/i.test(error.stderr))
    return new PermanentError({
      code: 'video.needs_memory',
      message: messages.needsMemory(),
      advice: messages.needsMemoryAdvice(),
      cause: error,
    })
  return error.reason === 'exit' ? unreadableVideo('content', error) : error
}
