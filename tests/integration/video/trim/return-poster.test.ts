import { expect, it } from 'vitest'
import { changePosterTask } from '@/lib/videos/tasks'
import { returnPoster } from '@/lib/videos/trim/return-poster'
import { createBareVideo } from '@/tests/support/bare-video'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { useDatabase } from '@/tests/support/database'

const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })

it('chooses the end of the whole for a frame at the end of a trimmed file that is longer than its range', async () => {
  const { db } = database
  const id = await createBareVideo(db, fixture.ownerId)
  const { id: posterTaskId } = await db.task.create({
    data: {
      ownerId: fixture.ownerId,
      videoId: id,
      kind: changePosterTask.name,
      queue: changePosterTask.name,
      state: 'done',
      maxAttempts: 1,
      payload: { videoId: id, choice: { source: 'frame', atSeconds: 10.02 } },
    },
  })
  const file = { hasVideo: true, durationSeconds: 20, mediaInfo: {} }
  const whole = await db.video.update({ where: { id }, data: { ...file, trimStartSeconds: 10 } })
  await db.$transaction((tx) =>
    returnPoster(tx, fixture.boss, { video: { ...whole, posterTaskId }, whole, picture: null }),
  )
  expect(await db.task.findFirst({ where: { videoId: id, state: 'queued' } })).toMatchObject({
    payload: { choice: { source: 'frame', atSeconds: 20 } },
  })
})
