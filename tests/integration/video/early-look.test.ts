// Over 200 lines because all cases of an unfinished upload share one worker, its database and generated files.

import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { tmpdir } from 'node:os'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, expect, it } from 'vitest'
import { sourceKey, videoKeys } from '@/lib/storage/keys'
import { removeExpiredUploads, removeUpload } from '@/lib/uploads/expire-uploads'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { uploadDataFile, uploadsDir } from '@/lib/uploads/upload-paths'
import { beginEarlyLook } from '@/lib/videos/begin-early-look'
import { deleteVideo } from '@/lib/videos/commands'
import { isStreamable } from '@/lib/videos/is-streamable'
import { getVideo } from '@/lib/videos/queries'
import { registerVideo } from '@/lib/videos/register-video'
import {
  copyStreamsTask,
  earlyLookTask,
  inspectVideoTask,
  transcodeStartTask,
  transcodeVideoTask,
} from '@/lib/videos/tasks'
import { useCaptionFixture } from '@/tests/support/caption-fixture'
import { expectSameRendition } from '@/tests/support/compare-renditions'
import { useDatabase } from '@/tests/support/database'
import { LadderRun } from '@/tests/support/ladder-run'
import { neverAborted } from '@/tests/support/never-aborted'
import { readFiles } from '@/worker/media/read-files'

const dir = mkdtempSync(path.join(tmpdir(), 'early-look-'))
process.env.DATA_DIR = dir
const database = useDatabase()
const fixture = useCaptionFixture(database, { CAPTIONS: 'none' })
afterEach(async () => {
  await database.db.video.deleteMany()
  await fixture.context.storage.removeAll('videos')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const SECONDS = 24
const X264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -bf 2 -c:a aac -ac 2'
const FILMS = {
  'film.mkv': '-c:v mpeg4 -q:v 5 -g 50 -c:a flac',
  'film.mp4': `${X264} -movflags +faststart`,
  'film.ts': X264,
  // Without a duration, as browsers record it.
  'film.webm': '-c:v libvpx -deadline realtime -cpu-used 8 -b:v 300k -g 50 -c:a libopus -live 1',
  'index-last.mp4': X264,
  'hevc.mkv':
    '-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=50 -vf scale=320:180 -c:a flac',
}

function generateFilm(name: keyof typeof FILMS) {
  const file = path.join(dir, name)
  if (existsSync(file)) return file
  const input = `-f lavfi -i testsrc2=s=640x360:r=25:d=${SECONDS} -f lavfi -i sine=f=440:r=48000:d=${SECONDS}`
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...`${input} ${FILMS[name]}`.split(' '), file])
  return file
}

/** Receives the first `share` of a file and runs the looks at it. Returns the id of the upload and of its video. */
async function receive(file: string, share: number) {
  const id = randomUUID()
  const bytes = readFileSync(file)
  const { ownerId } = fixture
  const filename = path.basename(file)
  const expiresAt = new Date(Date.now() + 3_600_000)
  await database.db.upload.create({ data: { id, ownerId, filename, sizeBytes: bytes.length, expiresAt } })
  mkdirSync(uploadsDir(), { recursive: true })
  await receiveMore(id, bytes.subarray(0, bytes.length * share))
  return { id, bytes, filename }
}

async function receiveMore(id: string, bytes: Buffer) {
  writeFileSync(uploadDataFile(id), bytes)
  await beginEarlyLook({ db: database.db, boss: fixture.boss }, id)
  while (await fixture.runNextJob(earlyLookTask.name));
}

async function complete({ id, bytes, filename }: Awaited<ReturnType<typeof receive>>) {
  writeFileSync(uploadDataFile(id), bytes)
  await fixture.context.storage.moveIn(sourceKey(id, filename), uploadDataFile(id))
  const file = {
    id,
    ownerId: fixture.ownerId,
    filename,
    sizeBytes: bytes.length,
    sha256: 'abc',
    uploadId: id,
  }
  await registerVideo({ db: database.db, boss: fixture.boss }, file)
  await fixture.runNextJob(inspectVideoTask.name)
}

async function transcode() {
  for (const { name } of [transcodeVideoTask, copyStreamsTask, transcodeStartTask, transcodeVideoTask])
    while (await fixture.runNextJob(name));
}

const readVideo = (id: string) => getVideo(database.db, { id, ownerId: fixture.ownerId })
const listSegments = (videoId: string) =>
  database.db.segment.findMany({
    where: { rendition: { videoId } },
    orderBy: [{ rendition: { position: 'asc' } }, { index: 'asc' }],
    include: { rendition: { select: { name: true } } },
  })

async function readRendition(videoId: string, name: string) {
  const segments = (await listSegments(videoId)).filter((one) => one.rendition.name === name)
  const keys = videoKeys(videoId)
  const files = [keys.init(name), ...segments.map(({ index }) => keys.segment(name, index))]
  return buffer(readFiles({ context: fixture.context, signal: neverAborted }, files))
}

it.each(['film.mp4'] as const)('plays what has arrived of %s, and keeps it when the rest has', (name) =>
  expectEarlyLook(name),
)

it.each(['film.ts', 'film.mkv', 'film.webm'] as const)(
  'plays what has arrived of %s, and keeps it when the rest has',
  { tags: 'full' },
  (name) => expectEarlyLook(name),
)

async function expectEarlyLook(name: keyof typeof FILMS) {
  const file = generateFilm(name)
  expect(await isStreamable(file, 300_000)).toBe(true)
  const upload = await receive(file, 0.6)
  const { id } = upload
  const received = await readVideo(id)
  expect(received).toMatchObject({ isPlayable: true, sha256: null, taskId: null, durationSeconds: null })
  expect(received.upload).toEqual({ receivedBytes: 0, sizeBytes: upload.bytes.length })
  expect(received.urls.poster).not.toBeNull()
  const early = await listSegments(id)
  const end = Math.max(...early.map((one) => one.startSeconds + one.durationSeconds))
  expect(end).toBeGreaterThan(8)
  expect(end).toBeLessThan(0.7 * SECONDS)
  await receiveMore(id, upload.bytes.subarray(0, upload.bytes.length * 0.9))
  expect((await listSegments(id)).length).toBeGreaterThan(early.length)
  await complete(upload)
  const kept = await listSegments(id)
  expect(kept).toEqual(expect.arrayContaining(early))
  await transcode()
  const video = await readVideo(id)
  expect(video).toMatchObject({ state: 'done', upload: null, sha256: 'abc', missingSeconds: null })
  expect(video.durationSeconds).toBeCloseTo(SECONDS, 0)
  expect(await listSegments(id)).toEqual(expect.arrayContaining(early))
  const alone = new LadderRun(file, mkdtempSync(path.join(dir, 'run-')))
  await alone.run()
  expect([...alone.inits.keys()].toSorted()).toEqual(video.renditions.map((one) => one.name).toSorted())
  for (const [rendition, init] of alone.inits)
    await expectSameRendition({
      name: rendition,
      rendition: await readRendition(id, rendition),
      expected: alone.readRendition(rendition),
      init,
      dir,
    })
}

it('replaces what was created if the complete file is another one than its start promised', async () => {
  const upload = await receive(generateFilm('film.mp4'), 0.6)
  const { id } = upload
  expect((await readVideo(id)).renditions.map(({ name }) => name)).toContain('source')
  await complete({ ...upload, bytes: readFileSync(generateFilm('film.mkv')) })
  const { isPlayable, renditions } = await readVideo(id)
  expect([isPlayable, renditions.map(({ name }) => name)]).toEqual([true, ['360p', 'audio-0']])
  expect(await fixture.context.storage.list(`${videoKeys(id).folder}/hls`)).toEqual(['360p', 'audio-0'])
})

it('removes what was created if the complete file cannot be read', async () => {
  const upload = await receive(generateFilm('film.mkv'), 0.6)
  await complete({ ...upload, bytes: Buffer.alloc(100_000, 'no video') })
  expect(await readVideo(upload.id)).toMatchObject({ state: 'failed', isPlayable: false, renditions: [] })
})

it('plays the first second of a file whose sound arrives while that is encoded', async () => {
  const upload = await receive(generateFilm('film.mkv'), 0)
  const { id, bytes } = upload
  const at = (seconds: number) => Math.floor((bytes.length * seconds) / SECONDS)
  writeFileSync(uploadDataFile(id), bytes.subarray(0, at(4)))
  await beginEarlyLook({ db: database.db, boss: fixture.boss }, id)
  const looking = fixture.runNextJob(earlyLookTask.name)
  const isDescribed = async () => (await readVideo(id)).renditions.length > 0
  await expect.poll(isDescribed, { interval: 5 }).toBe(true)
  appendFileSync(uploadDataFile(id), bytes.subarray(at(4), at(12)))
  await looking
  expect((await readVideo(id)).isPlayable).toBe(true)
  const early = await listSegments(id)
  expect(early.map(({ index, rendition: { name } }) => `${name}/${index}`)).toContain('audio-0/0')
  await complete(upload)
  expect(await listSegments(id)).toEqual(expect.arrayContaining(early))
})

it('ends a look at three seconds of a file after a second if no more arrives', async () => {
  const upload = await receive(generateFilm('film.mkv'), 3.6 / SECONDS)
  const { id, bytes } = upload
  const stored = async () =>
    (await listSegments(id)).map(({ index, rendition: { name } }) => `${name}/${index}`)
  expect([await stored(), (await readVideo(id)).isPlayable]).toEqual([['360p/0'], false])
  await receiveMore(id, bytes.subarray(0, bytes.length * 0.6))
  expect((await readVideo(id)).isPlayable).toBe(true)
})

it('is canceled when the file is complete', async () => {
  const upload = await receive(generateFilm('film.mkv'), 0.6)
  const { id } = upload
  await beginEarlyLook({ db: database.db, boss: fixture.boss }, id)
  await beginEarlyLook({ db: database.db, boss: fixture.boss }, id)
  const readStates = async () =>
    (await database.db.task.findMany({ where: { videoId: id, kind: earlyLookTask.name } })).map(
      ({ state }) => state,
    )
  // One at a time.
  expect((await readStates()).filter((state) => state === 'queued')).toHaveLength(1)
  await complete(upload)
  expect(await readStates()).toEqual(['canceled'])
  await beginEarlyLook({ db: database.db, boss: fixture.boss }, id)
  expect(await readStates()).toEqual(['canceled'])
})

it('stores nothing more once the file is complete, also while it runs', { tags: 'full' }, async () => {
  const upload = await receive(generateFilm('film.mkv'), 0)
  const { id, bytes } = upload
  writeFileSync(uploadDataFile(id), bytes.subarray(0, bytes.length * 0.9))
  await beginEarlyLook({ db: database.db, boss: fixture.boss }, id)
  const looking = fixture.runNextJob(earlyLookTask.name)
  await expect.poll(async () => (await listSegments(id)).length, { timeout: 60_000 }).toBeGreaterThan(0)
  await complete(upload)
  const kept = await listSegments(id)
  await looking
  expect(await listSegments(id)).toEqual(kept)
  await transcode()
  expect(await readVideo(id)).toMatchObject({ state: 'done', isPlayable: true, missingSeconds: null })
})

it('stops where the file cannot be decoded, although more of it has arrived', { tags: 'full' }, async () => {
  const broken = path.join(dir, 'broken.mkv')
  const noise = ['-c', 'copy', '-bsf:v', 'noise=amount=gt(n\\,200)']
  execFileSync('ffmpeg', ['-v', 'error', '-i', generateFilm('hevc.mkv'), ...noise, broken])
  const { id } = await receive(broken, 1)
  const looks = await database.db.task.count({ where: { videoId: id, kind: earlyLookTask.name } })
  expect(looks).toBeLessThan(4)
  const indexes = (await listSegments(id)).map(({ index }) => index)
  expect([Math.max(...indexes) > 1, Math.max(...indexes) < 5]).toEqual([true, true])
})

it('counts an upload once against the quota, with what was created of it', { tags: 'full' }, async () => {
  const readUsage = () => readStorageUsage(database.db, { ownerId: fixture.ownerId })
  const before = await readUsage()
  const { id, bytes } = await receive(generateFilm('film.mkv'), 0.6)
  const { _sum } = await database.db.rendition.aggregate({
    where: { videoId: id },
    _sum: { segmentBytes: true },
  })
  const { imageBytes } = await database.db.video.findUniqueOrThrow({ where: { id } })
  const created = Number(_sum.segmentBytes) + Number(imageBytes)
  expect(created).toBeGreaterThan(100_000)
  expect((await readUsage()).usedBytes - before.usedBytes).toBe(bytes.length + created)
})

it('goes with its upload, and its upload with it', { tags: 'full' }, async () => {
  const { db, boss } = { db: database.db, boss: fixture.boss }
  const { storage } = fixture.context
  const expectNothing = async (id: string) => {
    expect([await db.video.count({ where: { id } }), await db.upload.count({ where: { id } })]).toEqual([
      0, 0,
    ])
    expect([await storage.list('videos'), readdirSync(uploadsDir())]).toEqual([[], []])
  }
  rmSync(uploadsDir(), { recursive: true, force: true })
  const removed = await receive(generateFilm('film.mkv'), 0.6)
  await removeUpload({ db, storage, id: removed.id })
  await expectNothing(removed.id)
  const expired = await receive(generateFilm('film.mkv'), 0.6)
  await db.upload.update({ where: { id: expired.id }, data: { expiresAt: new Date(0) } })
  utimesSync(uploadDataFile(expired.id), new Date(0), new Date(0))
  expect(await removeExpiredUploads({ db, storage })).toBe(1)
  await expectNothing(expired.id)
  const deleted = await receive(generateFilm('film.mkv'), 0.6)
  await deleteVideo({ db, boss, storage, id: deleted.id, ownerId: fixture.ownerId })
  await expectNothing(deleted.id)
})

it('leaves a file whose index is at its end for later', async () => {
  const file = generateFilm('index-last.mp4')
  expect(await isStreamable(file, 300_000)).toBe(false)
  const upload = await receive(file, 0.6)
  expect(await readVideo(upload.id)).toMatchObject({ isPlayable: false, renditions: [] })
  expect(await database.db.task.findMany({ where: { kind: earlyLookTask.name } })).toMatchObject([
    { state: 'done' },
  ])
  await complete(upload)
  expect(await readVideo(upload.id)).toMatchObject({ isPlayable: true })
})
