import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { type ClientRequest, request } from 'node:http'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Db, openDb } from '@/lib/database/db'
import { segmentFile } from '@/lib/storage/keys'
import { readAttempts } from '@/lib/tasks/attempts'
import type { VideoDto } from '@/lib/videos/schema'
import { earlyLookTask } from '@/lib/videos/tasks'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'
import { createUpload, locationOf, TUS_HEADERS } from '@/tests/support/tus-client'

const SECONDS = 60
/** Of the file, before the worker is killed. */
const SENT_SHARE = 0.6

let app: App
let db: Db
let user: TestUser
let film: Buffer

beforeAll(async () => {
  app = await startApp()
  db = openDb({ url: readDatabaseUrl(app.dataDir)! })
  user = await app.createUser('fault@example.com')
  const file = path.join(app.dataDir, 'film.mkv')
  const sources = `-f lavfi -i testsrc2=s=1920x1080:r=25:d=${SECONDS} -f lavfi -i sine=f=440:d=${SECONDS}`
  const encode = '-c:v mpeg4 -q:v 4 -g 50 -c:a flac'
  execFileSync('ffmpeg', ['-v', 'error', ...`${sources} ${encode}`.split(' '), file])
  film = readFileSync(file)
})
afterAll(async () => {
  await db?.$disconnect()
  await app?.stop()
})

/** The stored segments of a video with the times at which their files were written, by rendition and index. */
async function readSegments(videoId: string) {
  const rows = await db.segment.findMany({
    where: { rendition: { videoId } },
    include: { rendition: { select: { name: true } } },
  })
  return new Map(
    rows.map(({ index, startSeconds, durationSeconds, sizeBytes, rendition: { name } }) => {
      const file = path.join(app.dataDir, 'storage/videos', videoId, 'hls', name, segmentFile(index))
      const { mtimeMs } = statSync(file)
      return [`${name}/${index}`, { startSeconds, durationSeconds, sizeBytes, mtimeMs }]
    }),
  )
}

it('continues to create what has arrived of an upload after kill -9 of the worker, and keeps all of it', async () => {
  const created = await createUpload(user, { name: 'film.mkv', sizeBytes: film.length })
  const at = locationOf(created)
  const videoId = path.basename(at)
  const patch = openPatch(at)
  const sentBytes = Math.floor(film.length * SENT_SHARE)
  patch.write(film.subarray(0, sentBytes))

  const readLooks = () =>
    db.task.findMany({ where: { videoId, kind: earlyLookTask.name }, orderBy: { id: 'asc' } })
  // In the middle: a look has stored segments, and creates more of them.
  const isLooking = async () =>
    (await readSegments(videoId)).size > 4 && (await readLooks()).some(({ state }) => state === 'in_progress')
  await expect.poll(isLooking, { timeout: 120_000, interval: 20 }).toBe(true)
  const killed = (await readLooks()).find(({ state }) => state === 'in_progress')!
  process.kill(app.findPid('dist/worker.js'), 'SIGKILL')
  const atKill = await readSegments(videoId)
  expect((await user.fetchJson<VideoDto>(`/api/v1/videos/${videoId}`)).upload?.sizeBytes).toBe(film.length)

  const areLooksDone = async () => (await readLooks()).every(({ state }) => state === 'done')
  await expect.poll(areLooksDone, { timeout: 240_000, interval: 200 }).toBe(true)
  const outcomes = (await readAttempts(db, killed.id)).map(({ outcome }) => outcome)
  expect(outcomes).toEqual(['died', 'done'])
  const early = await readSegments(videoId)
  process.stdout.write(`${atKill.size} segments existed at the kill, ${early.size} of what had arrived\n`)
  const endSeconds = Math.max(...[...early.values()].map((one) => one.startSeconds + one.durationSeconds))
  expect(endSeconds).toBeGreaterThan((SENT_SHARE - 0.2) * SECONDS)
  expect(endSeconds).toBeLessThan((SENT_SHARE + 0.1) * SECONDS)
  for (const [name, segment] of atKill) expect(early.get(name), name).toEqual(segment)

  const answered = once(patch, 'response')
  patch.end(film.subarray(sentBytes))
  const { taskId } = (await json((await answered)[0])) as { taskId: string }
  const readState = async () => (await db.task.findUniqueOrThrow({ where: { id: taskId } })).state
  await expect.poll(readState, { timeout: 240_000, interval: 200 }).toBe('done')
  const final = await readSegments(videoId)
  for (const [name, segment] of early) expect(final.get(name), name).toEqual(segment)
  const { renditions } = await user.fetchJson<VideoDto>(`/api/v1/videos/${videoId}`)
  expect(renditions.map(({ name, state }) => [name, state])).toEqual(
    ['1080p', '720p', '480p', '360p', 'audio-0'].map((name) => [name, 'done']),
  )
  for (const { name } of renditions) {
    const own = [...final].filter(([segment]) => segment.startsWith(`${name}/`)).map(([, one]) => one)
    const seconds = own.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)
    expect(Math.abs(seconds - SECONDS), `${name} lasts ${seconds} s`).toBeLessThan(0.2)
  }
  const kinds = await db.task.groupBy({
    by: ['kind'],
    where: { videoId },
    orderBy: { kind: 'asc' },
    _count: true,
  })
  expect(kinds.filter(({ kind }) => ['video.inspect', 'video.transcode'].includes(kind))).toEqual([
    { kind: 'video.inspect', _count: 1 },
    { kind: 'video.transcode', _count: 1 },
  ])
  expect(await db.video.count()).toBe(1)
})

/** The request that sends the whole file, of which the body is left to the caller. */
function openPatch(at: string): ClientRequest {
  return request(new URL(at, app.url), {
    method: 'PATCH',
    headers: {
      ...TUS_HEADERS,
      authorization: `Bearer ${user.key}`,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': film.length,
    },
  })
}
