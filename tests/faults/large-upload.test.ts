import { createReadStream, readFileSync } from 'node:fs'
import { copyFile, truncate } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { createUpload, locationOf } from '@/tests/support/tus-client'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, type Web } from '@/tests/support/web'

const GB = 1e9
const SIZE_BYTES = 5 * GB
const GROWTH_BYTES = 0.1 * GB

const database = useDatabase()
let web: Web
let ada: TestUser
let film: string
beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  film = path.join(web.dataDir, 'film.mp4')
  await copyFile(await generateMedia('web-safe.mp4'), film)
  // A valid file, extended to its size as a sparse file, which occupies no disk space.
  await truncate(film, SIZE_BYTES)
  // Excludes memory for modules that the first upload by each method loads.
  for (const upload of Object.values(uploadMethods)) expect((await upload(1e6)).ok).toBe(true)
})
afterAll(() => web.stop())

const sendFile = async (at: string, init: RequestInit, sizeBytes: number) => {
  const body = Readable.toWeb(createReadStream(film, { end: sizeBytes - 1 })) as ReadableStream
  return ada.fetch(at, { ...init, body, duplex: 'half' } as RequestInit)
}

const readMemoryBytes = (of: 'VmRSS' | 'VmHWM') =>
  1024 * Number(new RegExp(`${of}:\\s+(\\d+)`).exec(readFileSync(`/proc/${web.pid()}/status`, 'utf8'))![1])

const uploadMethods = {
  async tus(sizeBytes: number) {
    const at = locationOf(await createUpload(ada, { name: 'film.mp4', sizeBytes }))
    const headers = {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    }
    return sendFile(at, { method: 'PATCH', headers }, sizeBytes)
  },
  'a raw body': (sizeBytes: number) =>
    sendFile('/api/v1/videos?filename=film.mp4', { method: 'POST' }, sizeBytes),
}

it.each(Object.entries(uploadMethods))(
  'receives 5 GB by %s while the web process grows by less than 100 MB',
  async (method, upload) => {
    const before = readMemoryBytes('VmRSS')
    const response = await upload(SIZE_BYTES)
    expect(response.ok).toBe(true)
    const grown = readMemoryBytes('VmHWM') - before
    process.stdout.write(`5 GB by ${method}: grown by ${(grown / 1e6).toFixed(0)} MB at most\n`)
    expect(grown).toBeLessThan(GROWTH_BYTES)
    const stored = await database.db.video.findFirstOrThrow({ orderBy: { createdAt: 'desc' } })
    expect(Number(stored.sizeBytes)).toBe(SIZE_BYTES)
  },
)
