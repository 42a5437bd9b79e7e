import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Decrypter } from 'age-encryption'
import { expect, it } from 'vitest'
import type { ArchiveDto } from '@/lib/archives/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { useCrashFixture } from '@/tests/support/crash-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'

const PASSPHRASE = 'correct horse battery'
const ONLY_ARCHIVES = { WORKER_QUEUES: 'archive' }
const database = useDatabase()
const fixture = useCrashFixture(database)

it('completes an archive after kill -9 of its worker, with ranges and without its passphrase in the database', async () => {
  const { user } = fixture
  const head = readFileSync(await generateMedia('web-safe.mp4'))
  const body = Buffer.concat([head, randomBytes(400_000_000)])
  const upload = { method: 'POST', body: new Uint8Array(body) }
  const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=film.mp4', upload)
  const first = await fixture.startWorker(ONLY_ARCHIVES)
  await user.fetchJson('/api/v1/archives', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ videoIds: [video.id], passphrase: PASSPHRASE }),
  })
  const readArchive = async () =>
    (await user.fetchJson<{ archives: ArchiveDto[] }>('/api/v1/archives')).archives[0]!
  await expect.poll(async () => (await readArchive()).progress, { interval: 50 }).toBeGreaterThan(0.1)
  await first.stop('SIGKILL')
  expect(await readArchive()).toMatchObject({ state: 'in_progress', urls: { download: null } })
  const second = await fixture.startWorker(ONLY_ARCHIVES)
  try {
    await expect.poll(async () => (await readArchive()).state, { timeout: 60_000 }).toBe('done')
  } finally {
    await second.stop('SIGTERM')
  }
  const { urls, sizeBytes } = await readArchive()
  const parts = await Promise.all(
    [`bytes=0-99999999`, `bytes=100000000-`].map(async (range) => {
      const response = await user.fetch(urls.download!, { headers: { range } })
      expect(response.status).toBe(206)
      return Buffer.from(await response.arrayBuffer())
    }),
  )
  const encrypted = Buffer.concat(parts)
  expect(encrypted.length).toBe(sizeBytes)
  const decrypter = new Decrypter()
  decrypter.addPassphrase(PASSPHRASE)
  const plain = Buffer.from(await decrypter.decrypt(encrypted))
  expect(plain.includes(body)).toBe(true)
  expect(await database.db.archive.findFirst({ where: { passphrase: { not: null } } })).toBeNull()
})
