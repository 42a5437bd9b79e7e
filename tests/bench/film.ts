import { execFile } from 'node:child_process'
import { mkdtempSync, openAsBlob, readFileSync, rmSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { runEvery } from '@/lib/concurrency/run-every'
import type { TaskDto } from '@/lib/tasks/schema'
import { isFinished } from '@/lib/tasks/state'
import type { VideoDto } from '@/lib/videos/schema'
import type { App } from '@/tests/support/app'
import { median, type Measurement } from './measurement'

const FILM_SECONDS = 3 * 60 * 60
const ROUNDS = 3

const generate = async (file: string, args: string) => {
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...args.split(' '), file])
  return file
}

interface Options {
  app: App
  url: string
  key: string
}

/**
 * Transcodes a film of three hours, in small pictures and few of them, and measures what the worker needs, and how long the
 * clip of another user takes to become playable beside it. The full size of the film affects only the time of its chunks.
 */
export async function benchmarkFilm({ app, url, key }: Options): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  const other = await app.createUser('other@example.com')
  const request = async <T>(as: string, at: string, init: RequestInit = {}) =>
    (await fetch(`${url}${at}`, { headers: { authorization: `Bearer ${as}` }, ...init })).json() as Promise<T>
  const upload = async (as: string, file: string) =>
    request<{ task: TaskDto; video: VideoDto }>(as, `/api/v1/videos?filename=${path.basename(file)}`, {
      method: 'POST',
      body: await openAsBlob(file),
    })
  const measurePlayableMs = async (file: string) => {
    const startedAt = performance.now()
    const { video, task } = await upload(other.key, file)
    while (!(await request<VideoDto>(other.key, `/api/v1/videos/${video.id}`)).isPlayable) await delay(10)
    const playableMs = performance.now() - startedAt
    while (!isFinished((await request<TaskDto>(other.key, `/api/v1/tasks/${task.id}`)).state))
      await delay(100)
    return playableMs
  }
  const repeat = async (work: () => Promise<number>) => {
    const values: number[] = []
    for (let round = 0; round < ROUNDS; round++) values.push(await work())
    return median(values)
  }
  try {
    const sound = (seconds: number) => `-f lavfi -i sine=f=440:r=16000:d=${seconds} -c:a aac -b:a 32k`
    const film = await generate(
      path.join(dir, 'film.mkv'),
      `-f lavfi -i testsrc2=s=320x180:r=4:d=${FILM_SECONDS} ${sound(FILM_SECONDS)} -c:v mpeg4 -q:v 8 -g 16`,
    )
    const clip = await generate(
      path.join(dir, 'clip.mkv'),
      `-f lavfi -i testsrc2=s=1280x720:r=25:d=20 ${sound(20)} -c:v mpeg4 -q:v 4 -g 50`,
    )
    const worker = app.findPid('dist/worker.js')
    const readRssBytes = () =>
      1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${worker}/status`, 'utf8'))![1])
    const idleRssBytes = readRssBytes()
    const aloneMs = await repeat(() => measurePlayableMs(clip))

    let rssBytes = 0
    let scratchBytes = 0
    const stopSampling = runEvery({
      work: async () => {
        rssBytes = Math.max(rssBytes, readRssBytes())
        scratchBytes = Math.max(scratchBytes, await measureFolder(path.join(app.dataDir, 'scratch')))
      },
      pauseMs: 500,
      failureMessage: 'could not sample the worker',
    })
    const startedAt = performance.now()
    let { task } = await upload(key, film)
    const readFilm = async () => (task = await request<TaskDto>(key, `/api/v1/tasks/${task.id}`))
    while ((await readFilm()).progress === 0) await delay(100)
    const besideMs = await repeat(() => measurePlayableMs(clip))
    const isBeside = !isFinished((await readFilm()).state)
    while (!isFinished((await readFilm()).state)) await delay(500)
    const filmSeconds = (performance.now() - startedAt) / 1000
    await stopSampling()
    if (task.state !== 'done' || !isBeside) throw new Error(`the film is ${task.state}`)
    return [
      { name: 'clip of 20 s → playable, alone', value: aloneMs, unit: 'ms' },
      { name: '… while a film of 3 h is transcoded', value: besideMs / aloneMs, unit: 'ratio', aim: '≤ 2' },
      { name: 'film of 3 h, done after', value: filmSeconds, unit: 's' },
      { name: 'memory of the worker, idle', value: idleRssBytes / 1e6, unit: 'MB' },
      { name: 'largest memory of the worker beside ffmpeg', value: rssBytes / 1e6, unit: 'MB', aim: '≤ 400' },
      { name: 'largest scratch folder', value: scratchBytes / 1e6, unit: 'MB' },
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The size of all files below a folder in bytes. */
async function measureFolder(dir: string) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(path.join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
