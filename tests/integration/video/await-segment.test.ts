import { beforeAll, expect, it } from 'vitest'
import type { Video } from '@/lib/generated/prisma/client'
import { awaitSegment } from '@/lib/videos/await-segment'
import { segmentIndexAt } from '@/lib/videos/ladder'
import { renderPlaylist } from '@/lib/videos/render-playlist'
import { transcodeChunkTask, transcodeVideoTask } from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { createOwner, useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { neverAborted } from '@/tests/support/never-aborted'

const NAME = '180p'
const DURATION_SECONDS = 140
const database = useDatabase()
const fixture = useCaptionFixture(database)
let video: Video

/** Uploads a video that is said to last 140 s, and plans its five chunks. */
async function planVideo() {
  const id = await fixture.uploadVideo(await generateMedia('counter.mkv'))
  const { mediaInfo } = await database.db.video.findUniqueOrThrow({ where: { id } })
  const data = {
    durationSeconds: DURATION_SECONDS,
    mediaInfo: { ...(mediaInfo as object), durationSeconds: DURATION_SECONDS },
  }
  const updated = await database.db.video.update({ where: { id }, data })
  await fixture.runNextJob(transcodeVideoTask.name)
  return updated
}

/** The start of each waiting chunk of a video in the order of the queue, with its place among those of all videos. */
async function readOrder(videoId: string) {
  const rows = await database.db.$queryRaw<{ videoId: string; start: number }[]>`
    SELECT task."videoId", (task.payload->>'startSeconds')::int AS start
    FROM pgboss.job JOIN task ON task."jobId" = job.id
    WHERE job.name = ${transcodeChunkTask.name} AND job.state < 'active' ORDER BY job.priority DESC, job.created_on`
  const own = rows.flatMap((row, place) => (row.videoId === videoId ? [{ place, start: row.start }] : []))
  return { starts: own.map(({ start }) => start), places: own.map(({ place }) => place) }
}

const listStored = (videoId: string) =>
  database.db.rendition.findFirstOrThrow({ where: { videoId, name: NAME } })

const request = (seconds: number, more: { name?: string; signal?: AbortSignal } = {}) =>
  awaitSegment(database.db, {
    video,
    name: NAME,
    index: segmentIndexAt(seconds),
    signal: neverAborted,
    ...more,
  })

beforeAll(async () => {
  video = await planVideo()
})

it('a request for a segment is answered once it is stored, and moves its chunk and the next ones forward', async () => {
  const ownerBefore = fixture.ownerId
  fixture.ownerId = (await createOwner(database.db)).id
  const other = await planVideo()
  fixture.ownerId = ownerBefore
  const before = { own: await readOrder(video.id), other: await readOrder(other.id) }
  expect(before.own.starts).toEqual([28, 56, 84, 112])

  let isAnswered = false
  const answer = request(90).then(() => (isAnswered = true))
  const expected = { starts: [84, 112, 28, 56], places: before.own.places }
  await expect.poll(() => readOrder(video.id)).toEqual(expected)
  expect(await readOrder(other.id)).toEqual(before.other)
  expect(isAnswered).toBe(false)
  const { id: renditionId } = await listStored(video.id)
  const segment = { index: segmentIndexAt(90), startSeconds: 88, durationSeconds: 4, sizeBytes: 1 }
  await database.db.segment.create({ data: { renditionId, ...segment } })
  await answer

  // A chunk that runs is not moved.
  const [job] = await fixture.boss.fetch<{ taskId: string }>(transcodeChunkTask.name)
  await database.db.task.update({ where: { id: job!.data.taskId }, data: { state: 'in_progress' } })
  const stop = new AbortController()
  const aborted = expect(request(96, { signal: stop.signal })).rejects.toThrow()
  await expect.poll(() => readOrder(video.id)).toMatchObject({ starts: [112, 28, 56] })
  stop.abort()
  await aborted
})

it('the playlist of a rendition in progress lists the segments that are still to be encoded', async () => {
  await database.db.rendition.updateMany({ where: { videoId: video.id }, data: { initKey: 'init' } })
  const playlist = await renderPlaylist(database.db, {
    videoId: video.id,
    ownerId: video.ownerId,
    name: NAME,
  })
  expect(playlist.match(/\d+\.m4s/g)).toHaveLength(segmentIndexAt(DURATION_SECONDS - 1) + 1)
  expect(playlist).not.toContain('ENDLIST')
  const audio = { videoId: video.id, ownerId: video.ownerId, name: 'audio-0' }
  await database.db.segment.deleteMany({ where: { rendition: { videoId: video.id, name: audio.name } } })
  expect(await renderPlaylist(database.db, audio)).not.toContain('.m4s')
})

it('a segment that nothing will encode is not found', async () => {
  const isMissing = (missing: Promise<void>) =>
    expect(missing).rejects.toMatchObject({ code: 'file.not_found' })
  await isMissing(request(200))
  await isMissing(request(4, { name: 'audio-0' }))
  await isMissing(request(4, { name: '999p' }))
  await database.db.task.updateMany({
    where: { videoId: video.id, kind: transcodeVideoTask.name },
    data: { state: 'failed' },
  })
  await isMissing(request(4))
})

it('more requests than players make are refused instead of waiting', async () => {
  await database.db.task.updateMany({
    where: { videoId: video.id, kind: transcodeVideoTask.name },
    data: { state: 'in_progress' },
  })
  const stop = new AbortController()
  const requests = Array.from({ length: 9 }, (_, n) => request(4 * (n + 1), { signal: stop.signal }))
  await expect(
    Promise.any(requests.map((one) => one.catch((error: unknown) => error))),
  ).resolves.toMatchObject({
    code: 'video.segment_pending',
    status: 503,
  })
  stop.abort()
  await Promise.allSettled(requests)
})
