import { execFileSync } from 'node:child_process'
import { globSync, openAsBlob, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MachineDto, CreateMachineResponse } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'

const SECONDS = 40
/** Debian's package faketime: a process that preloads this library reads its clock from a file. */
const [faketime] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')
const clockFile = path.join(tmpdir(), `meanwhile-clock-${process.pid}`)
const clip = `${clockFile}.mp4`
const setClock = (offset: string) => writeFileSync(clockFile, `${offset}\n`)

let app: App
let user: TestUser
beforeAll(async () => {
  setClock('+0s')
  // Includes Postgres: simulates a change of the host clock.
  app = await startApp({
    MACHINE_DRIVER: 'fake',
    LD_PRELOAD: faketime!,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  })
  user = await app.createUser('clock@example.com', { isAdmin: true })
  const sources = `-f lavfi -i testsrc2=s=1920x1080:r=25:d=${SECONDS} -f lavfi -i sine=f=440:d=${SECONDS}`
  const encode = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -c:a aac'
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...`${sources} ${encode}`.split(' '), clip])
})
afterAll(async () => {
  await app.stop()
  for (const file of [clockFile, clip]) rmSync(file, { force: true })
})

const fetchTasks = async (videoId: string) =>
  (await user.fetchJson<{ tasks: TaskDto[] }>(`/api/v1/tasks?videoId=${videoId}`)).tasks

it.each(['+600s', '-600s'])(
  'completes every task exactly once when the clock is changed by %s while it runs',
  async (offset) => {
    setClock('+0s')
    const body = await openAsBlob(clip)
    const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=clock.mp4', {
      method: 'POST',
      body,
    })
    const transcode = async () => (await fetchTasks(video.id)).find(({ kind }) => kind === 'video.transcode')
    await expect
      .poll(async () => (await transcode())?.progress ?? 0, { timeout: 60_000, interval: 200 })
      .toBeGreaterThan(0.2)
    setClock(offset)
    const created = await Promise.all(
      ['one', 'two', 'three'].map((name) =>
        user.fetchJson<CreateMachineResponse>('/api/v1/machines', {
          method: 'POST',
          body: JSON.stringify({ name }),
        }),
      ),
    )
    const movedSeconds = (Date.parse(created[0]!.machine.createdAt) - Date.now()) / 1000
    expect(Math.abs(movedSeconds - Number.parseInt(offset))).toBeLessThan(30)
    for (const { machine } of created)
      await expect
        .poll(async () => (await user.fetchJson<MachineDto>(`/api/v1/machines/${machine.id}`)).state, {
          timeout: 60_000,
        })
        .toBe('running')
    const states = async () => (await fetchTasks(video.id)).map(({ kind, state }) => `${kind} ${state}`)
    await expect
      .poll(async () => (await states()).filter((state) => !state.endsWith(' done')), { timeout: 240_000 })
      .toEqual([])
    const kinds = (await fetchTasks(video.id)).map(({ kind }) => kind)
    expect(new Set(kinds).size).toBe(kinds.length)
    const { renditions } = await user.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)
    expect(renditions.map(({ state }) => state)).toEqual(renditions.map(() => 'done'))
    for (const { name } of renditions) {
      const response = await user.fetch(`/media/videos/${video.id}/hls/${name}/index.m3u8`)
      const lengths = [...(await response.text()).matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) =>
        Number(seconds),
      )
      expect(Math.abs(lengths.reduce((sum, seconds) => sum + seconds, 0) - SECONDS)).toBeLessThan(0.2)
    }
    for (const { machine } of created)
      await user.fetchJson(`/api/v1/machines/${machine.id}`, { method: 'DELETE' })
    // The clock change caused no failures.
    expect((await fetchTasks(video.id)).filter(({ error }) => error)).toEqual([])
  },
)
