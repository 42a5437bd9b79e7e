import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TaskDto } from '@/lib/tasks/contract'
import type { VideoDto } from '@/lib/videos/contract'
import { startApp } from '@/tests/support/app'

let app: Awaited<ReturnType<typeof startApp>>
let key: string
let clip: string

const admin = (...args: string[]) =>
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/admin.ts', ...args], { env: app.env })
    .toString()
    .trim()

beforeAll(async () => {
  app = await startApp()
  clip = path.join(app.dataDir, 'clip.mp4')
  const picture = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1920x1080:r=25:d=60',
    '-f',
    'lavfi',
    '-i',
    'sine=f=440:d=60',
  ]
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-c:a', 'aac']
  execFileSync('ffmpeg', ['-v', 'error', ...picture, ...encode, clip])
  admin('create-user', '--email', 'fault@example.com', '--password', 'correct-horse-battery', '--admin')
  key = admin('create-key', '--email', 'fault@example.com', '--name', 'faults')
})
afterAll(() => app.stop())

async function api<T>(at: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`${app.url}${at}`, { ...init, headers: { authorization: `Bearer ${key}` } })
  if (!answer.ok) throw new Error(`${at}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
const readTask = (id: string) => api<TaskDto>(`/api/v1/tasks/${id}`).catch(() => null)
const upload = () =>
  api<{ video: VideoDto; task: TaskDto }>('/api/v1/videos?filename=clip.mp4', {
    method: 'POST',
    body: readFileSync(clip),
  })

function segmentTimes(videoId: string) {
  const folder = path.join(app.dataDir, 'storage', 'videos', videoId, 'hls', '360p')
  if (!existsSync(folder)) return new Map<string, number>()
  const names = readdirSync(folder).filter((name) => name.endsWith('.m4s'))
  return new Map(names.map((name) => [name, statSync(path.join(folder, name)).mtimeMs]))
}

const kills = {
  worker: () => process.kill(app.processOf('worker/main.ts'), 'SIGKILL'),
  web: () => process.kill(app.processOf('server.ts'), 'SIGKILL'),
  postgres: () => process.kill(app.postmaster(), 'SIGKILL'),
}

it.each(['worker', 'web', 'postgres'] as const)(
  'reaches done with nothing lost after kill -9 of %s',
  async (victim) => {
    const { video, task } = await upload()
    await expect.poll(() => segmentTimes(video.id).size, { timeout: 60_000 }).toBeGreaterThan(4)
    // The last ones may not have their row yet, and are then made again.
    const kept = [...segmentTimes(video.id)].filter(([name]) => Number.parseInt(name) < 3)
    const killedAt = Date.now()
    kills[victim]()
    if (victim === 'worker') {
      await expect.poll(async () => (await readTask(task.id))?.attempts, { timeout: 30_000 }).toBe(2)
      process.stdout.write(`taken up again after ${((Date.now() - killedAt) / 1000).toFixed(1)} s\n`)
    }
    await expect
      .poll(async () => (await readTask(task.id))?.state, { timeout: 180_000, interval: 500 })
      .toBe('done')
    const now = segmentTimes(video.id)
    for (const [name, mtime] of kept) expect(now.get(name), name).toBe(mtime)
    const { renditions } = await api<VideoDto>(`/api/v1/videos/${video.id}`)
    expect(renditions.map((rendition) => [rendition.name, rendition.state])).toEqual(
      ['source', '720p', '480p', '360p', 'audio-0'].map((name) => [name, 'done']),
    )
    const playlist = await fetch(`${app.url}/media/videos/${video.id}/hls/360p/index.m3u8`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const durations = [...(await playlist.text()).matchAll(/#EXTINF:([\d.]+)/g)].map((match) =>
      Number(match[1]),
    )
    expect(durations).toHaveLength(now.size)
    expect(durations.reduce((sum, value) => sum + value, 0)).toBeCloseTo(60, 0)
  },
)
