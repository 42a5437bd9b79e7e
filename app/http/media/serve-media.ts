import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { toProblemResponse } from '@/app/api/route-handler'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { renderSubtitleFile, listSubtitleTracks } from '@/lib/captions/hls-subtitles'
import { db } from '@/lib/database/db'
import { AppError, notFound } from '@/lib/errors'
import { isFinished } from '@/lib/tasks/state'
import { servedFileKey } from '@/lib/videos/keys'
import { buildMasterPlaylist } from '@/lib/videos/master-playlist'
import { buildMediaPlaylist } from '@/lib/videos/media-playlist'
import { includeTranscodeTask } from '@/lib/videos/to-video-dto'
import { serveFile } from './serve-file'

const MEDIA_URL = /^\/media\/videos\/([^/?]+)\/([^?]+)/

export const isMediaRequest = ({ method, url = '' }: IncomingMessage) =>
  (method === 'GET' || method === 'HEAD') && MEDIA_URL.test(url)

/**
 * Playlists from the rows as they are now; every other file from storage. Only the owner gets any. It
 * passes by Next.js, which would not say how long a file is.
 */
export async function serveMedia(request: IncomingMessage, response: ServerResponse) {
  try {
    const found = await findMedia(request)
    if (found.made === undefined) return await serveFile({ request, response, ...found })
    response.setHeader('content-type', found.type)
    response.setHeader('cache-control', 'private, no-cache')
    response.setHeader('x-content-type-options', 'nosniff')
    response.end(found.made)
  } catch (error) {
    if (response.headersSent) return response.destroy()
    const answer = toProblemResponse(error)
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  }
}

type MediaResult = { made: string; type: string } | { made?: undefined; key: string; downloadAs?: string }

const playlistResult = (made: string) => ({ made, type: 'application/vnd.apple.mpegurl' })

async function findMedia(request: IncomingMessage): Promise<MediaResult> {
  const identity = await requireAuthentication(new Headers(request.headers as Record<string, string>))
  const [, id, file] = MEDIA_URL.exec(request.url!)!.map(decodeURIComponent)
  const video = z.uuid().safeParse(id).success
    ? await db().video.findFirst({ where: { id, ownerId: identity.id }, include: includeTranscodeTask })
    : null
  if (!video) throw notFound('video')
  if (file === 'source') return { key: video.sourceKey, downloadAs: video.filename }
  if (file === 'hls/master.m3u8') {
    const subtitles = await listSubtitleTracks(db(), video.id)
    const master = buildMasterPlaylist(await findRenditions({ videoId: video.id }), subtitles)
    if (!master) throw notPlayable
    return playlistResult(master)
  }
  const captions = await renderSubtitleFile(db(), { videoId: video.id, file: file! })
  if (captions) return captions
  const name = /^hls\/([\w-]+)\/index\.m3u8$/.exec(file!)?.[1]
  if (name) {
    const [rendition] = await findRenditions({ videoId: video.id, name })
    if (!rendition?.initKey) throw notFound('rendition')
    const [transcode] = video.tasks
    return playlistResult(
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

const notPlayable = new AppError({
  code: 'video.not_playable',
  message: 'Nothing of this video can be played yet.',
  status: 404,
})

const findRenditions = (where: { videoId: string; name?: string }) =>
  db().rendition.findMany({
    where,
    orderBy: { position: 'asc' },
    include: { segments: { orderBy: { index: 'asc' } } },
  })
