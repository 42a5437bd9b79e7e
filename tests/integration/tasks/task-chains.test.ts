import { expect, it } from 'vitest'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()

it('a long chain is retried and canceled as a whole, each task once', async () => {
  const { db, boss, ownerId } = fixture
  const chain = [(await fixture.enqueue()).id]
  for (let n = 1; n < 6; n++) chain.push((await fixture.enqueue(undefined, chain.at(-1))).id)
  const states = async () =>
    (await db.task.findMany({ where: { id: { in: chain } } })).map(({ state }) => state)
  const ofEach = (act: typeof cancelTask) =>
    Promise.allSettled(chain.toReversed().map((taskId) => act({ db, boss, taskId, ownerId })))
  const refusals = (settled: PromiseSettledResult<void>[]) =>
    settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))
  for (let round = 0; round < 10; round++) {
    expect(refusals(await ofEach(cancelTask))).toEqual([])
    expect(new Set(await states())).toEqual(new Set(['canceled']))
    const tooLate = refusals(await ofEach(retryTask))
    expect(tooLate).toEqual(Array(chain.length - 1).fill('task.not_retryable'))
    expect(new Set(await states())).toEqual(new Set(['queued']))
  }
})
