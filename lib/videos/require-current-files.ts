import * as messages from '@/lib/generated/messages/video-errors'
import { AppError } from '../errors'

/** The query parameter of the URLs in playlists that names the files they are for. */
export const FILES_PARAMETER = 'v'

/**
 * Refuses segments to players that have loaded the playlist of a file which was replaced since: they would mix both.
 * @throws {AppError} video.replaced
 */
export function requireCurrentFiles({ filesId }: { filesId: string | null }, url: string) {
  const requested = new URL(url, 'http://localhost').searchParams.get(FILES_PARAMETER)
  if (requested === filesId) return
  throw new AppError({
    code: 'video.replaced',
    message: messages.replaced(),
    status: 410,
  })
}
