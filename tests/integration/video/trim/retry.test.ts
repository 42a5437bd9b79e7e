import { beforeAll, expect, it } from 'vitest'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { purgeVideos } from '@/lib/videos/purge-videos'
import { getVideo } from '@/lib/videos/queries'
import { discardWhole } from '@/lib/videos/trim/whole-commands'
import { useDatabase } from '@/tests/support/database'
import { rejectionOf } from '@/tests/support/rejection-of'
import { useTrimFixture } from '@/tests/support/trim-fixture'

const database = useDatabase()
const fixture = useTrimFixture(database)
let id: string
beforeAll(async () => {
  id = await fixture.createVideo({ seconds: 10 })
}, 120_000)

const request = (taskId: string) => ({ ...fixture.deps(), taskId, ownerId: fixture.captions.ownerId })
const readTask = (taskId: string) => database.db.task.findUniqueOrThrow({ where: { id: taskId } })

it('creates the trimmed files when a canceled or failed trim is retried', { tags: 'full' }, async () => {
  const taskId = await fixture.request(id, 1, 8)
  await cancelTask(request(taskId))
  await purgeVideos(fixture.deps())
  await retryTask(request(taskId))
  // As if its files had been destroyed.
  await database.db.video.updateMany({ where: { replacesId: id }, data: { replacesId: null } })
  await fixture.run()
  expect(await readTask(taskId)).toMatchObject({ state: 'failed', error: { code: 'trim.discarded' } })
  await retryTask(request(taskId))
  await fixture.run()
  expect(await readTask(taskId)).toMatchObject({ state: 'done', error: null })
  const { trim } = await getVideo(database.db, fixture.target(id))
  expect(trim).toMatchObject({ startSeconds: 1, endSeconds: 8 })

  // Its times are those of a file that is discarded.
  const outdated = await fixture.request(id, 2, 8)
  await cancelTask(request(outdated))
  await discardWhole({ ...fixture.deps(), ...fixture.target(id) })
  expect(await rejectionOf(retryTask(request(outdated)))).toMatchObject({ code: 'trim.outdated' })
  expect((await readTask(outdated)).state).toBe('canceled')
  expect(await database.db.video.count({ where: { replacesId: id } })).toBe(0)
})
