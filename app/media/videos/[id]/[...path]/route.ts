import { idOf, signedIn } from '@/app/api/respond'
import { serveFile } from '@/app/server/serve-file'
import { db } from '@/lib/db'
import { AppError, notFound } from '@/lib/errors'
import { masterPlaylist, mediaPlaylist } from '@/lib/videos/playlists'

export const dynamic = 'force-dynamic'

/** Playlists from the rows as they are now; every other file from storage. Only the owner gets any. */
export const GET = signedIn(async ({ identity, params, request }) => {
  const id = idOf(params, 'video')
  const video = await db().video.findFirst({ where: { id, ownerId: identity.id } })
  if (!video) throw notFound('video')
  const file = (params.path as string[]).join('/')
  if (file === 'source') return serveFile({ request, key: video.sourceKey, downloadAs: video.filename })
  if (file === 'hls/master.m3u8') {
    const master = masterPlaylist(await renditionsOf(id))
    if (!master) throw notYet
    return playlist(master)
  }
  const name = /^hls\/([\w-]+)\/index\.m3u8$/.exec(file)?.[1]
  if (name) {
    const rendition = (await renditionsOf(id)).find((one) => one.name === name)
    if (!rendition?.initKey) throw notFound('rendition')
    return playlist(mediaPlaylist(rendition))
  }
  if (
    !/^(hls\/[\w-]+\/(init\.mp4|\d+\.m4s)|poster\.jpg|storyboard\/[\w.-]+|downloads\/[\w-]+\.mp4)$/.test(file)
  )
    throw notFound('file')
  const downloadAs = file.startsWith('downloads/')
    ? `${video.title} ${file.slice('downloads/'.length)}`
    : undefined
  return serveFile({ request, key: `videos/${id}/${file}`, downloadAs })
})

const notYet = new AppError({
  code: 'video.not_playable',
  message: 'Nothing of this video can be played yet.',
  status: 404,
})

const renditionsOf = (videoId: string) =>
  db().rendition.findMany({
    where: { videoId },
    orderBy: { position: 'asc' },
    include: { segments: { orderBy: { index: 'asc' } } },
  })

const playlist = (text: string) =>
  new Response(text, {
    headers: { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'no-cache' },
  })
