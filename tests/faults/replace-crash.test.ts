import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { VIDEOS_FOLDER } from '@/lib/storage/keys'
import { replaceFileTask } from '@/lib/videos/tasks'
import type { VideoDto } from '@/lib/videos/schema'
import { useCrashFixture } from '@/tests/support/crash-fixture'
import { useDatabase } from '@/tests/support/database'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { uploadFilm } from '@/tests/support/upload-film'

const database = useDatabase()
const fixture = useCrashFixture(database)
const { readVideo: fetchVideo, fileOf } = fixture
const upload = async (name: MediaName, replaces?: string) =>
  uploadFilm(fixture.user, { file: await generateMedia(name), replaces })
const findReplacement = (replacesId: string) => database.db.video.findFirst({ where: { replacesId } })
const countTasks = (where: Parameters<typeof database.db.task.count>[0]) => database.db.task.count(where)
const isExchanged = async (id: string) =>
  (await countTasks({ where: { videoId: id, kind: replaceFileTask.name, state: 'done' } })) > 0

/** What is reached, or passed, when the worker is killed. */
const STAGES: [string, (id: string, nextId: string) => Promise<boolean>][] = [
  ['before its tasks', async () => true],
  [
    'inspecting',
    async (_, videoId) => (await countTasks({ where: { videoId, state: { not: 'queued' } } })) > 0,
  ],
  [
    'transcoding',
    async (_, videoId) => (await database.db.segment.count({ where: { rendition: { videoId } } })) > 0,
  ],
  [
    'waiting for the exchange',
    async (_, videoId) =>
      (await countTasks({ where: { videoId, state: { in: ['queued', 'in_progress'] } } })) === 0,
  ],
  ['exchanged', (id) => isExchanged(id)],
]

/** Plays from the playlist to the last segment. */
async function expectPlayable({ id, urls }: VideoDto) {
  const read = async (url: URL) => {
    const response = await fixture.user.fetch(url.pathname + url.search)
    expect(`${id} ${url.pathname} ${response.status}`).toBe(`${id} ${url.pathname} 200`)
    return response.text()
  }
  const files = (playlist: string) => playlist.split('\n').filter((line) => line && !line.startsWith('#'))
  const master = new URL(urls.hls, fixture.web.url)
  for (const rendition of files(await read(master))) {
    const playlist = new URL(rendition, master)
    for (const segment of files(await read(playlist))) await read(new URL(segment, playlist))
  }
}

it.each(STAGES)(
  'shows exactly one of both files after kill -9 of the worker %s, and completes the replacement',
  async (_, isReached) => {
    const start = await fixture.startWorker()
    const { id } = await upload('web-safe.mp4')
    const isDone = async () => (await fetchVideo(id)).state
    await expect.poll(isDone, { timeout: 120_000 }).toBe('done')
    const before = await fetchVideo(id)
    await upload('portrait.mp4', id)
    const next = await findReplacement(id)
    await expect
      .poll(async () => (await isExchanged(id)) || isReached(id, next!.id), {
        timeout: 120_000,
        interval: 10,
      })
      .toBe(true)
    await start.stop('SIGKILL')

    const killed = await fetchVideo(id)
    expect(killed.sha256).toBe((await isExchanged(id)) ? next!.sha256 : before.sha256)
    await expectPlayable(killed)
    const second = await fixture.startWorker()
    try {
      await expect.poll(() => isExchanged(id), { timeout: 120_000 }).toBe(true)
      const after = await fetchVideo(id)
      expect([after.sha256, after.title, after.state]).toEqual([next!.sha256, before.title, 'done'])
      await expectPlayable(after)
      // The former file is destroyed, and nothing else.
      await expect.poll(() => database.db.video.count(), { timeout: 120_000 }).toBe(1)
      await expect.poll(() => readdirSync(fileOf(VIDEOS_FOLDER)), { timeout: 120_000 }).toEqual([next!.id])
    } finally {
      await second.stop('SIGTERM')
      await fixture.user.fetch(`/api/v1/videos/${id}`, { method: 'DELETE' })
    }
  },
)
