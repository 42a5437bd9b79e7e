import { toCaptionDto } from '../captions/queries'
import type { Prisma, Video } from '../generated/prisma/client'
import { videoKeys } from '../storage/keys'
import { readStoredError } from '../tasks/stored-error'
import type { ExtraCodec } from './ladder'
import { type MediaInfo, NO_METADATA } from './media-info'
import { isPlayable } from './playable'
import { posterVersion } from './poster-url'
import type { MainTaskRow, RenditionRow, VideoParts } from './read-video-parts'
import type { RenditionDto, VideoDetailsDto, VideoDto } from './schema'
import { type TranscodeResult, transcodeVideoTask } from './tasks'

/** Includes the newest task that transcodes the video. */
export const includeTranscodeTask = {
  tasks: { where: { kind: transcodeVideoTask.name }, orderBy: { id: 'desc' }, take: 1 },
} satisfies Prisma.VideoInclude

/** What `toVideoDto` reads of a video. */
export type VideoRow = Pick<
  Video,
  | 'id'
  | 'title'
  | 'folderId'
  | 'tags'
  | 'filename'
  | 'sizeBytes'
  | 'sha256'
  | 'isCut'
  | 'duplicateOfId'
  | 'durationSeconds'
  | 'width'
  | 'height'
  | 'hasVideo'
  | 'hasCover'
  | 'posterKey'
  | 'posterSource'
  | 'storyboardKey'
  | 'version'
  | 'createdAt'
  | 'deletedAt'
  | 'purgeAt'
>

export function toVideoDto(row: VideoRow, { task, upload, renditions, captions }: VideoParts): VideoDto {
  const keys = videoKeys(row.id)
  const result = task?.result as TranscodeResult | null | undefined
  return {
    id: row.id,
    title: row.title,
    folderId: row.folderId,
    tags: row.tags,
    filename: row.filename,
    state: task?.state ?? 'queued',
    isPlayable: isPlayable(renditions),
    // What a worker has fetched of a file is the progress of its task.
    upload:
      upload && !task
        ? { receivedBytes: Number(upload.receivedBytes), sizeBytes: Number(upload.sizeBytes) }
        : null,
    hasVideo: row.hasVideo,
    hasCover: row.hasCover,
    posterSource: row.posterSource,
    error: readStoredError(task?.error),
    missingSeconds: result?.missingSeconds ?? null,
    damage: result?.damage ?? [],
    leftOut: result?.leftOut ?? [],
    sizeBytes: Number(row.sizeBytes),
    sha256: row.sha256,
    isCut: row.isCut,
    duplicateOfId: row.duplicateOfId,
    durationSeconds: row.durationSeconds,
    width: row.width,
    height: row.height,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    deletedAt: row.deletedAt?.toISOString() ?? null,
    purgeAt: row.purgeAt?.toISOString() ?? null,
    finishedAt: task?.finishedAt?.toISOString() ?? null,
    taskId: task?.id ?? null,
    renditions: renditions.map((rendition) => toRenditionDto(row.id, rendition, task)),
    captions: captions.map(toCaptionDto),
    urls: {
      hls: mediaUrl(`${keys.folder}/hls/master.m3u8`),
      poster: row.posterKey && `${mediaUrl(keys.poster)}${posterVersion(row.posterKey)}`,
      storyboard: row.storyboardKey && mediaUrl(keys.storyboardFile('storyboard.vtt')),
      download: mediaUrl(`${keys.folder}/source`),
      captions: `/api/v1/videos/${row.id}/captions`,
      chapters: mediaUrl(`${keys.folder}/chapters.vtt`),
    },
  }
}

export function toVideoDetailsDto(
  row: Video & { chapters: VideoDetailsDto['chapters']; whole: Video | null },
  parts: VideoParts,
): VideoDetailsDto {
  const info = row.mediaInfo as Partial<MediaInfo> | null
  const { description, replacesId, chapters, whole } = row
  return {
    ...toVideoDto(row, parts),
    description,
    replacesId,
    trim: whole && describeTrim(whole),
    chapters,
    metadata: info?.metadata ?? NO_METADATA,
  }
}

const describeTrim = (whole: Video) => ({
  startSeconds: whole.trimStartSeconds!,
  endSeconds: whole.trimEndSeconds!,
  wholeId: whole.id,
  wholeDurationSeconds: whole.durationSeconds!,
})

const toRenditionDto = (videoId: string, rendition: RenditionRow, task?: MainTaskRow): RenditionDto => ({
  name: rendition.name,
  mode: rendition.mode,
  codec: rendition.mode === 'encode' ? ((rendition.extraCodec as ExtraCodec | null) ?? 'h264') : null,
  height: rendition.height,
  width: rendition.width,
  state: renditionState(rendition, task),
  progress: rendition.progress,
  language: rendition.language,
  label: rendition.label,
  channels: rendition.channels,
  downloadUrl: rendition.downloadKey && mediaUrl(videoKeys(videoId).download(rendition.name)),
})

/** An unfinished rendition is queued and ends with its transcode; its row has the state from which a retry resumes. */
function renditionState({ state }: RenditionRow, task?: MainTaskRow) {
  return state === 'done' || !task || task.state === 'in_progress' || task.state === 'done'
    ? state
    : task.state
}

/** The URL of a stored file; the web process serves it to the owner of the video only. */
const mediaUrl = (key: string) => `/media/${key}`
