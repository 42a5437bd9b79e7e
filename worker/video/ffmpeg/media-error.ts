import { AppError, PermanentError } from '@/lib/errors'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { SandboxFailure } from '@/worker/process/sandbox'

/** Maps an error message of ffmpeg to an error that a user can act on; returns other errors unchanged. */
export function toMediaError(error: unknown) {
  if (!(error instanceof SandboxFailure)) return error
  if (/No space left/i.test(error.stderr)) return error
  if (/No such filter|Unknown encoder/i.test(error.stderr)) {
    const message =
      'The ffmpeg on this server lacks a component that this file needs. Ask the administrator to run npm run doctor.'
    return new AppError({ code: 'media.ffmpeg_incomplete', message, status: 503, cause: error })
  }
  if (/Decoder .*not found|no decoder|Unknown decoder/i.test(error.stderr))
    return unreadableVideo('its format is unknown', error)
  if (/Cannot allocate memory|malloc/i.test(error.stderr))
    return new PermanentError({
      code: 'video.needs_memory',
      message: 'This file needs more memory than one video may use.',
      advice: 'Export it at a smaller size, or ask the administrator to raise MEDIA_MEMORY_BYTES.',
      cause: error,
    })
  return error.reason === 'exit' ? unreadableVideo('its content is damaged', error) : error
}
