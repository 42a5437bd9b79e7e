import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { isSubtitlePath } from '@/lib/captions/hls-subtitles'
import { db } from '@/lib/database/db'
import { notFound } from '@/lib/errors'
import type { Video } from '@/lib/generated/prisma/client'
import { type ActiveShare, findShareByGrant, findShareByToken } from '@/lib/shares/queries'
import { findPlaylistCover, findPlaylistVideo } from '@/lib/shares/shared-playlists'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { isRenditionFile, parseSegmentFile, servedFileKey, thumbnailKey } from '@/lib/storage/keys'
import { awaitSegment } from '@/lib/videos/await-segment'
import { renderChapters } from '@/lib/videos/chapters'
import { requireCurrentFiles } from '@/lib/videos/require-current-files'
import { sendProblem } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { sendResponse } from '../send-response'
import { respondInThread } from '../threads/respond-in-thread'
import { toWebHeaders } from '../to-web-headers'
import { serveFile } from './serve-file'

const VTT = { headers: { 'content-type': 'text/vtt; charset=utf-8' } }
/** A file of a video of a shared playlist. */
const PLAYLIST_FILE = /^([\da-f]{8}-[\da-f-]{27})\/(.+)$/
const MEDIA_URL = /^\/media\/(videos|shares)\/([^/?]+)\/([^?]+)/

/**
 * `/media/videos/ID/…`, for the owner, and `/media/shares/GRANT/…`, for viewers of a link, where the id of the video follows
 * if the link is to a playlist: manifests are generated from the database, all other files come from storage. Bypasses Next.js, which would omit `Content-Length`.
 */
export const mediaHandler: RequestHandler = {
  matches: ({ method, url = '' }) => (method === 'GET' || method === 'HEAD') && MEDIA_URL.test(url),
  async handle(request, response) {
    try {
      const media = await findMedia(request, closeSignal(response))
      if (media.isPreview) response.setHeader('cross-origin-resource-policy', 'cross-origin')
      if (!media.document) return await serveFile({ request, response, ...media })
      if (media.document.ok) response.setHeader('cache-control', 'private, no-cache')
      await sendResponse(response, media.document)
    } catch (error) {
      // Clients give up requests for segments that they wait for, as when a viewer seeks on.
      if (response.headersSent || response.destroyed) return response.destroy()
      await sendProblem(response, error)
    }
  },
}

/** A file of the storage, or a document that is generated for the request. */
type MediaResult = ({ document: Response } | ServedFile) & {
  isShared?: boolean
  /** Whether pages of other sites may show it. */
  isPreview?: boolean
}

interface ServedFile {
  document?: undefined
  key: string
  downloadAs?: string
}

function closeSignal(response: ServerResponse) {
  const closed = new AbortController()
  response.once('close', () => closed.abort())
  return closed.signal
}

async function findMedia(request: IncomingMessage, signal: AbortSignal): Promise<MediaResult> {
  const [, root, credential = '', file = ''] = MEDIA_URL.exec(request.url!)!.map(decodeURIComponent)
  if (root === 'videos')
    return findFile({ video: await findOwnVideo(request, credential), file, url: request.url!, signal })
  const { share, isPreview } = await findShared(credential, file)
  const shared = isPreview ? await findPreviewFile(share) : await findSharedFile(share, file)
  if (!shared) throw notFound('video')
  if (isDownload(shared.file) && !share.isDownloadAllowed) throw notFound('file')
  return { ...(await findFile({ ...shared, url: request.url!, signal })), isShared: true, isPreview }
}

async function findOwnVideo(request: IncomingMessage, id: string) {
  const { id: ownerId } = await requireAuthentication(toWebHeaders(request), 'read')
  const video = z.uuid().safeParse(id).success ? await db().video.findFirst({ where: { id, ownerId } }) : null
  if (!video) throw notFound('video')
  return video
}

/** By a grant; the poster of a link without a password also by its token, for previews on other sites. */
async function findShared(credential: string, file: string) {
  const share = await findShareByGrant(db(), credential)
  if (share) return { share, isPreview: false }
  const linked = file === PREVIEW_FILE ? await findShareByToken(db(), credential) : null
  if (!linked || linked.passwordHash !== null) throw notFound('share')
  return { share: linked, isPreview: true }
}

const PREVIEW_FILE = 'poster.jpg'

async function findPreviewFile({ video, playlist }: ActiveShare) {
  const shown = video ?? (await findPlaylistCover(db(), playlist.id))
  return shown && { video: shown, file: PREVIEW_FILE }
}

/** Of a playlist: a file of a video that it has at this moment. */
async function findSharedFile({ video, playlist }: ActiveShare, path: string) {
  if (video) return { video, file: path }
  const [, videoId, file] = PLAYLIST_FILE.exec(path) ?? []
  if (!file || !z.uuid().safeParse(videoId).success) return null
  const found = await findPlaylistVideo(db(), { playlistId: playlist.id, videoId: videoId! })
  return found && { video: found, file }
}

/** The key of the poster or of its thumbnail, if `file` is one of them. Posters of earlier versions have no thumbnail. */
async function findPosterKey({ posterKey }: Video, file: string) {
  if (file !== 'poster.jpg' && file !== 'poster.webp') return null
  if (!posterKey || file === 'poster.jpg') return posterKey
  const thumbnail = thumbnailKey(posterKey)
  const storage = await configuredStorage()
  return (await storage.stat(thumbnail)) ? thumbnail : posterKey
}

const isDownload = (file: string) => file === 'source' || file.startsWith('downloads/')

async function findFile({
  video,
  file,
  url,
  signal,
}: {
  video: Video
  file: string
  url: string
  signal: AbortSignal
}): Promise<MediaResult> {
  const { id: videoId, ownerId } = video
  if (file === 'source') return { key: video.sourceKey, downloadAs: video.filename }
  if (file === 'hls/master.m3u8')
    return { document: await respondInThread('renderPlaylist', { videoId, ownerId }) }
  if (isSubtitlePath(file))
    return { document: await respondInThread('renderSubtitleFile', { videoId, file }) }
  if (file === 'chapters.vtt') return { document: new Response(await renderChapters(db(), videoId), VTT) }
  const name = /^hls\/([\w-]+)\/index\.m3u8$/.exec(file)?.[1]
  if (name) return { document: await respondInThread('renderPlaylist', { videoId, ownerId, name }) }
  const key = (await findPosterKey(video, file)) ?? servedFileKey(video, file)
  if (!key) throw notFound('file')
  if (isRenditionFile(file)) requireCurrentFiles(video, url)
  const segment = parseSegmentFile(file)
  if (segment) await awaitSegment(db(), { video, ...segment, signal })
  const downloadAs = isDownload(file) ? `${video.title} ${file.slice('downloads/'.length)}` : undefined
  return { key, downloadAs }
}
