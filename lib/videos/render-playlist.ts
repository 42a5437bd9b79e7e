import * as messages from '@/lib/generated/messages/video-errors'
import { listSubtitleTracks } from '../captions/hls-subtitles'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import { isFinished } from '../tasks/state'
import { buildMasterPlaylist } from './master-playlist'
import type { MediaInfo } from './media-info'
import { FILES_PARAMETER } from './require-current-files'
import { buildMediaPlaylist } from './media-playlist'
import { withPlannedSegments } from './planned-segments'
import { includeTranscodeTask } from './to-video-dto'

/**
 * Renders the multivariant playlist of a video, or the media playlist of the rendition `name`.
 * @throws {AppError} video.not_found, video.not_playable, rendition.not_found
 */
export async function renderPlaylist(
  db: Db,
  { videoId, ownerId, name }: { videoId: string; ownerId: string; name?: string },
) {
  const video = await db.video.findFirst({ where: { id: videoId, ownerId }, include: includeTranscodeTask })
  if (!video) throw notFound('video')
  if (name === undefined) {
    const subtitles = await listSubtitleTracks(db, videoId)
    const renditions = await db.rendition.findMany({
      where: { videoId },
      orderBy: { position: 'asc' },
      include: { segments: { where: { index: 0 }, select: { index: true } } },
    })
    const master = buildMasterPlaylist(renditions, subtitles)
    if (!master) throw notPlayableError()
    return master
  }
  const rendition = await db.rendition.findUnique({
    where: { videoId_name: { videoId, name } },
    include: { segments: { orderBy: { index: 'asc' } } },
  })
  if (!rendition?.initKey || (rendition.extraCodec && rendition.state !== 'done')) throw notFound('rendition')
  const [transcode] = video.tasks
  // The whole file of a trimmed video has no tasks.
  const isGrowing = video.wholeOfId === null && (!transcode || !isFinished(transcode.state))
  const info = video.mediaInfo as MediaInfo | null
  // The target duration of a playlist that began before the gap was known must not change.
  const isKnown = video.earlyInfo === null
  const version = video.filesId ? `?${FILES_PARAMETER}=${video.filesId}` : ''
  const options = {
    isGrowing,
    version,
    keyframeGapSeconds: isKnown ? info?.video?.keyframeGapSeconds : undefined,
  }
  if (!isGrowing || rendition.mode !== 'encode' || rendition.state === 'done' || !video.durationSeconds)
    return buildMediaPlaylist(withContiguousSegments(rendition), options)
  const segments = withPlannedSegments(rendition.segments, video.durationSeconds)
  return buildMediaPlaylist({ ...rendition, segments }, options)
}

const notPlayableError = () =>
  new AppError({
    code: 'video.not_playable',
    message: messages.notPlayable(),
    status: 404,
  })

/** Only the segments up to the first missing one: workers create the chunks of a video concurrently. */
const withContiguousSegments = <R extends { segments: { index: number }[] }>({
  segments,
  ...rendition
}: R) => ({
  ...rendition,
  segments: segments.filter(({ index }, position) => index === position) as R['segments'],
})
