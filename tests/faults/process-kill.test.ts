import { execFileSync } from 'node:child_process'
import { openAsBlob, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDb } from '@/lib/database/db'
import type { AttemptDto } from '@/lib/tasks/attempts'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'
import { findProcesses } from '@/tests/support/processes'

const SECONDS = 60
const RENDITIONS = ['source', '720p', '480p', '360p', 'audio-0']

let app: App
let user: TestUser
let clip: string

beforeAll(async () => {
  app = await startApp()
  clip = path.join(app.dataDir, 'clip.mp4')
  const sources = `-f lavfi -i testsrc2=s=1920x1080:r=25:d=${SECONDS} -f lavfi -i sine=f=440:d=${SECONDS}`
  const encode = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -c:a aac'
  execFileSync('ffmpeg', ['-v', 'error', ...`${sources} ${encode}`.split(' '), clip])
  user = await app.createUser('fault@example.com', { isAdmin: true })
})
afterAll(() => app.stop())

const fetchTask = (id: string) => user.fetchJson<TaskDto>(`/api/v1/tasks/${id}`).catch(() => null)

/** Returns the duration and modification time of each stored segment, by file. */
async function readSegments(videoId: string) {
  const found = new Map<string, { seconds: number; mtimeMs: number }>()
  for (const name of RENDITIONS) {
    const response = await user.fetch(`/media/videos/${videoId}/hls/${name}/index.m3u8`)
    if (!response.ok) continue
    for (const [, seconds, file] of (await response.text()).matchAll(/#EXTINF:([\d.]+),\n(\S+)/g)) {
      const at = path.join(app.dataDir, 'storage/videos', videoId, 'hls', name, file!)
      const stored = statSync(at, { throwIfNoEntry: false })
      if (stored) found.set(`${name}/${file}`, { seconds: Number(seconds), mtimeMs: stored.mtimeMs })
    }
  }
  return found
}

const kill = (pid: number) => void process.kill(pid, 'SIGKILL')
const killTargets: Record<string, () => void | Promise<void>> = {
  'the worker': () => kill(app.findPid('dist/worker.js')),
  'the web process': () => kill(app.findPid('dist/server.js')),
  Postgres: () => kill(app.readPostmasterPid()),
  'all processes (power failure)': async () => {
    for (const { pid } of findProcesses(`DATA_DIR=${app.dataDir}`)) kill(pid)
    await app.restart()
  },
}

it.each(Object.keys(killTargets))(
  'completes a transcode without losing a segment after kill -9 of %s',
  async (victim) => {
    const body = await openAsBlob(clip)
    const { video, task } = await user.fetchJson<{ video: VideoDto; task: TaskDto }>(
      '/api/v1/videos?filename=clip.mp4',
      {
        method: 'POST',
        body,
      },
    )
    const findSmallestSegments = async () =>
      [...(await readSegments(video.id)).keys()].filter((name) => name.startsWith('360p'))
    await expect
      .poll(async () => (await findSmallestSegments()).length, { timeout: 60_000 })
      .toBeGreaterThan(4)
    const atKill = await readSegments(video.id)
    const killedAt = Date.now()
    await killTargets[victim]!()
    if (victim === 'the worker') {
      const runs = async () =>
        (await user.fetchJson<{ attempts: AttemptDto[] }>(`/api/v1/tasks/${task.id}/attempts`)).attempts
          .length
      await expect.poll(runs, { timeout: 30_000 }).toBeGreaterThan(1)
      process.stdout.write(`resumed after ${((Date.now() - killedAt) / 1000).toFixed(1)} s\n`)
    }
    await expect
      .poll(async () => (await fetchTask(task.id))?.state, { timeout: 240_000, interval: 500 })
      .toBe('done')

    const final = await readSegments(video.id)
    process.stdout.write(`${atKill.size} of ${final.size} segments existed at the kill of ${victim}\n`)
    for (const [name, segment] of atKill) expect(final.get(name), name).toEqual(segment)
    for (const name of RENDITIONS) {
      const ownSegments = [...final].filter(([file]) => file.startsWith(`${name}/`))
      const seconds = ownSegments.reduce((sum, [, segment]) => sum + segment.seconds, 0)
      expect(Math.abs(seconds - SECONDS), `${name} lasts ${seconds} s`).toBeLessThan(0.2)
    }
    const { renditions } = await user.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)
    expect(renditions.map(({ name, state }) => [name, state])).toEqual(
      RENDITIONS.map((name) => [name, 'done']),
    )
    await expectNoDuplicates(video.id, final.size)
  },
)

async function expectNoDuplicates(videoId: string, segments: number) {
  const db = openDb({ url: readDatabaseUrl(app.dataDir)! })
  try {
    const kinds = await db.task.findMany({ where: { videoId }, select: { kind: true } })
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual([
      'video.illustrate',
      'video.inspect',
      'video.package',
      'video.transcode',
      'video.transcode-chunk',
      'video.transcode-start',
      'video.transcode-streams',
      'video.verify',
    ])
    expect(await db.rendition.count({ where: { videoId } })).toBe(RENDITIONS.length)
    expect(await db.segment.count({ where: { rendition: { videoId } } })).toBe(segments)
  } finally {
    await db.$disconnect()
  }
}
