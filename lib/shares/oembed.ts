import type { z } from 'zod'
import { config } from '../config/config'
import type { Db } from '../database/db'
import { notFound } from '../errors'
import { posterVersion } from '../videos/poster-url'
import { embedCode } from './embed-code'
import { embedUrl, parseShareUrl, posterUrl } from './links'
import { type ActiveShare, findShareByToken } from './queries'
import type { OEmbedDto, oEmbedQuerySchema } from './schema'
import { findPlaylistCover } from './shared-playlists'

const DEFAULT_WIDTH = 640
/** Posters are at most so wide. */
const MAX_POSTER_WIDTH = 1280

/**
 * Describes a link as in https://oembed.com. @throws {AppError} share.not_found, also for a link with a password, of which
 * other sites learn nothing
 */
export async function describeForEmbedding(
  db: Db,
  { url, maxwidth, maxheight }: z.infer<typeof oEmbedQuerySchema>,
): Promise<OEmbedDto> {
  const token = parseShareUrl(url)
  const share = token ? await findShareByToken(db, token) : null
  if (!token || !share || share.passwordHash !== null) throw notFound('share')
  const { title, video } = await describe(db, share)
  const { width, height, posterKey } = video ?? NO_PICTURE
  const ratio = width && height ? width / height : 16 / 9
  const player = embedUrl(token)
  const size = fit({ ratio, maxWidth: maxwidth, maxHeight: maxheight })
  return {
    version: '1.0',
    type: player ? 'video' : 'link',
    title,
    provider_name: 'Meanwhile',
    provider_url: config().publicUrl,
    ...(posterKey &&
      width && {
        thumbnail_url: posterUrl(token, posterVersion(posterKey)),
        ...describePoster(width, ratio),
      }),
    ...(player && { html: embedCode({ url: player, title, ...size }), ...size }),
  }
}

const NO_PICTURE = { width: null, height: null, posterKey: null }

/** The title of what is shared, and the video whose poster stands for it. */
const describe = async (db: Db, { video, playlist }: ActiveShare) =>
  video
    ? { title: video.title, video }
    : { title: playlist.name, video: await findPlaylistCover(db, playlist.id) }

function describePoster(videoWidth: number, ratio: number) {
  const width = Math.min(MAX_POSTER_WIDTH, videoWidth)
  return { thumbnail_width: width, thumbnail_height: Math.round(width / ratio) }
}

/** The largest size within the limits, at most `DEFAULT_WIDTH` wide if none is given. */
function fit({ ratio, maxWidth, maxHeight }: { ratio: number; maxWidth?: number; maxHeight?: number }) {
  const width = Math.min(maxWidth ?? DEFAULT_WIDTH, maxHeight ? maxHeight * ratio : Number.POSITIVE_INFINITY)
  return { width: Math.max(1, Math.floor(width)), height: Math.max(1, Math.floor(width / ratio)) }
}
