import { expect, it } from 'vitest'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()

it('cancels and retries a long chain as a whole, each task once', async () => {
  const { db, boss, ownerId } = fixture
  const chain = [(await fixture.enqueue()).id]
  for (let n = 1; n < 6; n++) chain.push((await fixture.enqueue({ parentId: chain.at(-1) })).id)
  const states = async () =>
    (await db.task.findMany({ where: { id: { in: chain } } })).map(({ state }) => state)
  const applyToEach = (command: typeof cancelTask) =>
    Promise.allSettled(chain.toReversed().map((taskId) => command({ db, boss, taskId, ownerId })))
  const rejectionCodes = (settled: PromiseSettledResult<void>[]) =>
    settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))
  for (let round = 0; round < 10; round++) {
    expect(rejectionCodes(await applyToEach(cancelTask))).toEqual([])
    expect(new Set(await states())).toEqual(new Set(['canceled']))
    const tooLate = rejectionCodes(await applyToEach(retryTask))
    expect(tooLate).toEqual(Array(chain.length - 1).fill('task.not_retryable'))
    expect(new Set(await states())).toEqual(new Set(['queued']))
  }
})
