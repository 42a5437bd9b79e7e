import { afterEach, expect, it } from 'vitest'
import { retranscribeVideos } from '@/lib/captions/retranscribe'
import { captionPartTask, captionVideoTask } from '@/lib/captions/tasks'
import { awaitSegment } from '@/lib/videos/await-segment'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { neverAborted } from '@/tests/support/never-aborted'

const DURATION_SECONDS = 650
const database = useDatabase()
const fixture = useCaptionFixture(database)
afterEach(() => database.db.video.deleteMany())

/** Uploads a video that is said to last 650 s. */
async function uploadLongVideo() {
  const id = await fixture.uploadVideo(await generateMedia('web-safe.mp4'))
  const { mediaInfo } = await database.db.video.findUniqueOrThrow({ where: { id } })
  const data = {
    durationSeconds: DURATION_SECONDS,
    mediaInfo: { ...(mediaInfo as object), durationSeconds: DURATION_SECONDS },
  }
  return database.db.video.update({ where: { id }, data })
}

/** The start and priority of each waiting part in the order of the queue. */
const readQueue = () =>
  database.db.$queryRaw<{ videoId: string; start: number; priority: number }[]>`
    SELECT task."videoId", (task.payload->>'startSeconds')::int AS start, task.priority
    FROM pgboss.job JOIN task ON task."jobId" = job.id
    WHERE job.name = ${captionPartTask.name} AND job.state < 'active' ORDER BY job.priority DESC, job.created_on`

it('what a viewer watches is transcribed next', async () => {
  const video = await uploadLongVideo()
  await fixture.runNextJob()
  expect((await readQueue()).map(({ start }) => start)).toEqual([60, 240, 420])
  const rendition = await database.db.rendition.findFirstOrThrow({ where: { videoId: video.id } })
  const segment = { index: 60, startSeconds: 250, durationSeconds: 4, sizeBytes: 1 }
  await database.db.segment.create({ data: { renditionId: rendition.id, ...segment } })
  const request = { video, name: rendition.name, index: 60, signal: neverAborted }
  await awaitSegment(database.db, request)
  expect((await readQueue()).map(({ start }) => start)).toEqual([240, 420, 60])

  // A part that runs is not moved.
  const [job] = await fixture.boss.fetch<{ taskId: string }>(captionPartTask.name)
  await database.db.task.update({ where: { id: job!.data.taskId }, data: { state: 'in_progress' } })
  await awaitSegment(database.db, request)
  expect((await readQueue()).map(({ start }) => start)).toEqual([420, 60])
})

it('the parts of a background transcription wait for all others', async () => {
  const old = await uploadLongVideo()
  await database.db.task.deleteMany({ where: { videoId: old.id, kind: captionVideoTask.name } })
  await database.db.$executeRaw`DELETE FROM pgboss.job WHERE name = ${captionVideoTask.name}`
  await retranscribeVideos({ db: database.db, boss: fixture.boss }, { videoId: old.id })
  await fixture.runNextJob()
  const uploaded = await uploadLongVideo()
  await fixture.runNextJob()
  const order = (await readQueue()).map(({ videoId }) => videoId)
  expect(order).toEqual([...Array(3).fill(uploaded.id), ...Array(3).fill(old.id)])
})
