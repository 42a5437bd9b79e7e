import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { updateVideo } from '@/lib/videos/commands'
import { getVideo } from '@/lib/videos/queries'
import { registerVideo } from '@/lib/videos/register-video'
import { trashVideo } from '@/lib/videos/trash'
import { useQueueFixture } from '@/tests/support/queue-fixture'

const fixture = useQueueFixture()

async function register(ownerId: string, sha256: string) {
  const file = { id: randomUUID(), ownerId, filename: 'film.mp4', sizeBytes: 16, sha256 }
  return (await registerVideo(fixture, file)).videoId
}
const duplicateOf = async (ownerId: string, id: string) =>
  (await getVideo(fixture.db, { id, ownerId })).duplicateOfId

it('names the oldest video of the same owner with the same file', async () => {
  const [ownerId, other] = [await fixture.createUserId(), await fixture.createUserId()]
  const first = await register(ownerId, 'a')
  const ids = [await register(ownerId, 'a'), await register(ownerId, 'a')]
  const [different, foreign] = [await register(ownerId, 'b'), await register(other, 'a')]
  expect([await duplicateOf(ownerId, first), await duplicateOf(ownerId, different)]).toEqual([null, null])
  expect(await duplicateOf(other, foreign)).toBeNull()
  for (const id of ids) expect(await duplicateOf(ownerId, id)).toBe(first)
})

it('finds the same file in uploads that complete at the same time', async () => {
  const ownerId = await fixture.createUserId()
  const ids = await Promise.all(['a', 'a', 'a', 'a'].map((sha256) => register(ownerId, sha256)))
  const duplicates = await Promise.all(ids.map((id) => duplicateOf(ownerId, id)))
  expect(duplicates.filter((id) => id === null)).toHaveLength(1)
  const original = ids[duplicates.indexOf(null)]
  expect(new Set(duplicates)).toEqual(new Set([null, original]))
})

it('ends when the user keeps both, or deletes the other one', async () => {
  const ownerId = await fixture.createUserId()
  const first = await register(ownerId, 'a')
  const [kept, second] = [await register(ownerId, 'a'), await register(ownerId, 'a')]
  await updateVideo({ db: fixture.db, id: kept, ownerId, update: { duplicateOfId: null } })
  expect(await duplicateOf(ownerId, kept)).toBeNull()
  await trashVideo({ ...fixture, id: first, ownerId })
  expect(await duplicateOf(ownerId, second)).toBeNull()
  // What is in the trash counts for nothing.
  await trashVideo({ ...fixture, id: kept, ownerId })
  await trashVideo({ ...fixture, id: second, ownerId })
  expect(await duplicateOf(ownerId, await register(ownerId, 'a'))).toBeNull()
})
