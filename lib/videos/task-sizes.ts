import type { Db, Tx } from '../database/db'
import type { SizedTask } from '../tasks/forecast/kind-forecast'
import { planLadder } from './ladder'
import { type MediaInfo, mediaInfoSchema } from './media-info'

/** Decoding and scaling a source picture, compared with encoding one of the same size. */
const DECODING_COST = 0.3
/** Copying a second of media, compared with encoding a second of sound. */
const COPYING_COST = 0.5
/** What starting a program costs, in seconds of media. */
const START_SECONDS = 1

/** Reads the sizes of tasks about videos with `measure`, once these are inspected. */
export const readSizesOfVideos =
  (measure: (info: MediaInfo, task: SizedTask) => number | null) =>
  async (db: Db | Tx, tasks: readonly SizedTask[]) => {
    const videos = await db.video.findMany({
      where: { id: { in: tasks.flatMap(({ subjectId }) => subjectId ?? []) } },
      select: { id: true, mediaInfo: true },
    })
    const infos = new Map(
      videos.flatMap(({ id, mediaInfo }) => {
        const { data } = mediaInfoSchema.safeParse(mediaInfo)
        return data ? [[id, data] as const] : []
      }),
    )
    return new Map(
      tasks.flatMap((task) => {
        const info = infos.get(task.subjectId ?? '')
        const size = info && measure(info, task)
        return size ? [[task.id, size] as const] : []
      }),
    )
  }

/** The pixels that the encoders and the decoder process in a second of media, in millions. */
function pixelRate(info: MediaInfo) {
  const { video } = info
  if (!video) return 0
  const { encodes } = planLadder(info)
  const encoded = encodes.reduce((sum, { width, height, frameRate }) => sum + width * height * frameRate, 0)
  return (encoded + DECODING_COST * video.codedWidth * video.codedHeight * video.frameRate) / 1e6
}

/** Encoding: pixels. `weight` is the length of the chunk. */
export const chunkSize = (info: MediaInfo, { weight }: SizedTask) =>
  ((weight ?? 0) + START_SECONDS) * pixelRate(info)

/** Reading or converting all of a file: seconds of media. */
export const mediaSize = ({ durationSeconds }: MediaInfo) => durationSeconds + 20 * START_SECONDS

/** Copying pictures and converting sound: seconds of tracks. */
export function streamsSize(info: MediaInfo) {
  const { source, audio } = planLadder(info)
  const encoded = audio.filter(({ isCopyable }) => !isCopyable).length
  const copied = audio.length - encoded + (source ? 1 : 0)
  return 10 * START_SECONDS + info.durationSeconds * (COPYING_COST * copied + encoded)
}

/** Transcribing: seconds of sound. `weight` is the length of the part. */
export const spokenSize = (_info: MediaInfo, { weight }: SizedTask) => (weight ?? 0) + 10 * START_SECONDS

/** Decoding all pictures of a file: pixels. */
export const pictureSize = ({ durationSeconds, video }: MediaInfo) =>
  20 +
  (video ? (durationSeconds * video.codedWidth * video.codedHeight * video.frameRate) / 1e6 : durationSeconds)

/** Once a video is divided into chunks, only the end of the task is left: of the same size for all. */
export const dividedSize = (_info: MediaInfo, { weight }: SizedTask) => (weight === null ? null : 1)

/** Reads the sizes of tasks that read the uploaded files: megabytes. */
export async function readFileSizes(db: Db | Tx, tasks: readonly SizedTask[]) {
  const videos = await db.video.findMany({
    where: { id: { in: tasks.flatMap(({ subjectId }) => subjectId ?? []) } },
    select: { id: true, sizeBytes: true },
  })
  const sizes = new Map(videos.map(({ id, sizeBytes }) => [id, 20 + Number(sizeBytes) / 1e6]))
  return new Map(
    tasks.flatMap(({ id, subjectId }) =>
      subjectId && sizes.has(subjectId) ? [[id, sizes.get(subjectId)!]] : [],
    ),
  )
}
