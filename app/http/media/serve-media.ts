import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { renderSubtitleFile, listSubtitleTracks } from '@/lib/captions/hls-subtitles'
import { db } from '@/lib/database/db'
import { AppError, notFound } from '@/lib/errors'
import { isFinished } from '@/lib/tasks/state'
import { servedFileKey } from '@/lib/videos/keys'
import { buildMasterPlaylist } from '@/lib/videos/master-playlist'
import { buildMediaPlaylist } from '@/lib/videos/media-playlist'
import { includeTranscodeTask } from '@/lib/videos/to-video-dto'
import { sendProblem } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { toWebHeaders } from '../to-web-headers'
import { serveFile } from './serve-file'

const MEDIA_URL = /^\/media\/videos\/([^/?]+)\/([^?]+)/

/**
 * `/media/videos/ID/…`, for the owner: playlists are generated from the database, all other files come from storage.
 * Bypasses Next.js, which would omit `Content-Length`.
 */
export const mediaHandler: RequestHandler = {
  matches: ({ method, url = '' }) => (method === 'GET' || method === 'HEAD') && MEDIA_URL.test(url),
  async handle(request, response) {
    try {
      const media = await findMedia(request)
      if (media.content === undefined) return await serveFile({ request, response, ...media })
      response.setHeader('content-type', media.type)
      response.setHeader('cache-control', 'private, no-cache')
      response.end(media.content)
    } catch (error) {
      if (response.headersSent) return response.destroy()
      await sendProblem(response, error)
    }
  },
}

type MediaResult =
  | { content: string; type: string }
  | { content?: undefined; key: string; downloadAs?: string }

async function findMedia(request: IncomingMessage): Promise<MediaResult> {
  const user = await requireAuthentication(toWebHeaders(request), 'read')
  const [, id, file] = MEDIA_URL.exec(request.url!)!.map(decodeURIComponent)
  const video = z.uuid().safeParse(id).success
    ? await db().video.findFirst({ where: { id, ownerId: user.id }, include: includeTranscodeTask })
    : null
  if (!video) throw notFound('video')
  if (file === 'source') return { key: video.sourceKey, downloadAs: video.filename }
  if (file === 'hls/master.m3u8') {
    const subtitles = await listSubtitleTracks(db(), video.id)
    const master = buildMasterPlaylist(await findRenditions({ videoId: video.id }), subtitles)
    if (!master) throw notPlayableError
    return toPlaylistResult(master)
  }
  const subtitleFile = await renderSubtitleFile(db(), { videoId: video.id, file: file! })
  if (subtitleFile) return subtitleFile
  const name = /^hls\/([\w-]+)\/index\.m3u8$/.exec(file!)?.[1]
  if (name) {
    const [rendition] = await findRenditions({ videoId: video.id, name })
    if (!rendition?.initKey) throw notFound('rendition')
    const [transcode] = video.tasks
    return toPlaylistResult(
      buildMediaPlaylist(rendition, { isGrowing: !transcode || !isFinished(transcode.state) }),
    )
  }
  const key = servedFileKey(video.id, file!)
  if (!key) throw notFound('file')
  const downloadAs = file!.startsWith('downloads/')
    ? `${video.title} ${file!.slice('downloads/'.length)}`
    : undefined
  return { key, downloadAs }
}

const toPlaylistResult = (content: string) => ({ content, type: 'application/vnd.apple.mpegurl' })

const notPlayableError = new AppError({
  code: 'video.not_playable',
  message: 'This video cannot be played yet.',
  status: 404,
})

const findRenditions = (where: { videoId: string; name?: string }) =>
  db().rendition.findMany({
    where,
    orderBy: { position: 'asc' },
    include: { segments: { orderBy: { index: 'asc' } } },
  })
