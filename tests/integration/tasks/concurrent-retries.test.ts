import { expect, it } from 'vitest'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()

const CHAIN = 25
const ROUNDS = process.env.TEST_FULL ? 8 : 3
/** Children of each task of a tree. */
const CHILDREN = 3

type Tasks = Awaited<ReturnType<typeof fixture.enqueue>>[]

async function enqueueChain() {
  const chain: Tasks = [await fixture.enqueue()]
  while (chain.length < CHAIN) chain.push(await fixture.enqueue({ parentId: chain.at(-1)!.id }))
  return chain
}

async function enqueueTree() {
  const tree: Tasks = [await fixture.enqueue()]
  for (const { id: parentId } of tree) {
    if (tree.length > CHAIN) break
    for (let n = 0; n < CHILDREN; n++) tree.push(await fixture.enqueue({ parentId }))
  }
  return tree
}

it.each([
  ['a long chain', enqueueChain],
  ['a tree', enqueueTree],
])('retries of all tasks of %s at once take turns', async (_, enqueueAll) => {
  const chain = await enqueueAll()
  const deps = { db: fixture.db, boss: fixture.boss, ownerId: fixture.ownerId }
  for (let round = 0; round < ROUNDS; round++) {
    await cancelTask({ ...deps, taskId: chain[0]!.id })
    expect(new Set(await fixture.readStates(chain))).toEqual(new Set(['canceled']))
    const outcomes = await Promise.allSettled(chain.map(({ id }) => retryTask({ ...deps, taskId: id })))
    // The first one retries all of them.
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'task.not_retryable' })
    expect(new Set(await fixture.readStates(chain))).toEqual(new Set(['queued']))
  }
})
