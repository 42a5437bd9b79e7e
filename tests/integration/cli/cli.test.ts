// Over 200 lines because all commands run against one app with a worker.

import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { partOf } from '@/cli/download-file'
import type { Machine, Task, VideoDetails } from '@/client/operations'
import type { TestUser } from '@/tests/support/accounts'
import { createCliHome } from '@/tests/support/cli'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { startTcpProxy } from '@/tests/support/tcp-proxy'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
let ada: TestUser
let home: ReturnType<typeof createCliHome>

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: FAKE_MACHINES })
  ada = await web.createUser('ada@example.com')
  worker = await startWorker(web)
  home = createCliHome()
  const { code, stderr } = await home.run(['login', '--url', web.url], { input: `${ada.key}\n` })
  expect(`${code} ${stderr}`).toBe('0 ')
})
afterAll(async () => {
  home.remove()
  await worker.stop('SIGTERM')
  await web.stop()
})

/** A video that is `sizeBytes` large, most of which is padding: uploads take long, and the processing does not. */
async function writeClip(name: string, sizeBytes = 0) {
  const clip = readFileSync(await generateMedia('web-safe.mp4'))
  const padding = Buffer.alloc(Math.max(8, sizeBytes - clip.length))
  padding.writeUInt32BE(padding.length)
  padding.write('free', 4)
  const file = path.join(home.dir, name)
  writeFileSync(file, sizeBytes > 0 ? Buffer.concat([clip, padding]) : clip)
  return file
}

const sha256Of = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
const parseLines = <T>(text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
const fetchVideo = (id: string) => ada.fetchJson<VideoDetails>(`/api/v1/videos/${id}`)

describe('login', { tags: 'full' }, () => {
  it('keeps the key where only the user can read it, and refuses a file that others can read', async () => {
    const file = path.join(home.dir, 'config/meanwhile/config.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    chmodSync(file, 0o644)
    const refused = await home.run(['videos', 'list'])
    chmodSync(file, 0o600)
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('chmod 600') })
  })

  it('does not save a key that the server refuses', async () => {
    const other = createCliHome()
    const { code, stderr } = await other.run(['login', '--url', web.url], { input: 'wrong\n' })
    expect(code).toBe(3)
    expect(stderr).toContain('API key')
    expect(existsSync(path.join(other.dir, 'config'))).toBe(false)
    other.remove()
  })

  it('never sends the saved key to another server', async () => {
    const { code } = await home.run(['videos', 'list'], { env: { MEANWHILE_URL: 'http://127.0.0.1:9' } })
    expect(code).toBe(3)
  })
})

it('has an exit code for each kind of failure', { tags: 'full' }, async () => {
  const offline = { MEANWHILE_URL: 'http://127.0.0.1:9', MEANWHILE_API_KEY: 'key' }
  const wrong = { MEANWHILE_URL: web.url, MEANWHILE_API_KEY: 'wrong' }
  const codes = await Promise.all([
    home.run(['tasks', 'list']),
    home.run(['tasks', 'get', crypto.randomUUID()]),
    home.run(['frobnicate']),
    home.run(['videos', 'get']),
    home.run(['tasks', 'list', '--frob']),
    home.run(['upload', 'missing.mp4']),
    home.run(['tasks', 'list'], { env: wrong }),
    home.run(['tasks', 'list'], { env: offline }),
  ])
  expect(codes.map(({ code }) => code)).toEqual([0, 1, 2, 2, 2, 2, 3, 4])
})

describe('upload', { tags: 'full' }, () => {
  it('resumes after the tool was killed in the middle, and follows the processing', async () => {
    const file = await writeClip('killed.mp4', 48_000_000)
    let onStall = () => {}
    const stalled = new Promise<void>((resolve) => (onStall = resolve))
    const proxy = await startTcpProxy(web.url, { stallAfterBytes: 24_000_000, onStall })
    const env = { MEANWHILE_URL: proxy.url, MEANWHILE_API_KEY: ada.key }
    const killed = home.start(['upload', file], { env })
    await stalled
    killed.child.kill('SIGKILL')
    await killed.exited()

    const { code, stdout, stderr } = await home.run(['upload', file], { env })
    proxy.close()
    expect(stderr).toMatch(/Resuming killed\.mp4 at [3-5]\d %/)
    expect(stderr).toContain('Uploaded killed.mp4.')
    expect(code).toBe(0)
    const video = await fetchVideo(stdout.trim().split('/').at(-1)!)
    expect(video).toMatchObject({ state: 'done', sha256: sha256Of(file), title: 'killed' })
    // Nothing is left to resume.
    expect(readdirSync(path.join(home.dir, 'state/meanwhile/uploads'))).toEqual([])
  })

  it('continues by itself when the connection is cut', async () => {
    const file = await writeClip('cut.mp4', 40_000_000)
    let proxy: Awaited<ReturnType<typeof startTcpProxy>> | undefined
    const onStall = () => {
      proxy!.cut()
      proxy!.restore()
    }
    proxy = await startTcpProxy(web.url, { stallAfterBytes: 16_000_000, onStall })
    const env = { MEANWHILE_URL: proxy.url, MEANWHILE_API_KEY: ada.key }
    const { code, stdout } = await home.run(['upload', '--json', file], { env })
    proxy.close()
    expect(code).toBe(0)
    const events = parseLines<{ type: string; video?: VideoDetails }>(stdout)
    expect(events.map(({ type }) => type)).toContain('resume')
    expect(events.at(-1)).toMatchObject({ type: 'result', video: { state: 'done', sha256: sha256Of(file) } })
  })

  it('leaves the task running at Ctrl-C, and says how to return to it', async () => {
    const file = await writeClip('interrupted.mp4')
    await worker.stop('SIGTERM')
    const upload = home.start(['upload', file])
    await upload.expectOutput('waiting')
    upload.child.kill('SIGINT')
    expect(await upload.exited()).toBe(130)
    const [, id] = /meanwhile wait (\S+)/.exec(upload.stderr)!
    expect(upload.stderr).toContain('The server continues.')
    worker = await startWorker(web)
    const waited = await home.run(['wait', id!])
    expect(waited.code).toBe(0)
    expect((await fetchVideo(id!)).state).toBe('done')
  })

  it('draws bars in a terminal, and prints lines elsewhere', async () => {
    const file = await writeClip('bars.mp4', 20_000_000)
    const drawn = home.start(['upload', file], { isTty: true })
    expect(await drawn.exited()).toBe(0)
    expect(drawn.stdout).toMatch(/bars\.mp4 +█*░* +\d+ % {2}\S/)
    const printed = await home.run(['upload', file])
    expect(printed.stderr).toMatch(/^bars\.mp4: uploading \d+ %$/m)
    expect(printed.stderr).toContain('You already have bars.mp4')
    expect(printed.stdout + printed.stderr).not.toMatch(/\p{Cc}\[|█/u)
  })

  it('reports a file that is refused, uploads the others, and exits with 1', async () => {
    writeFileSync(path.join(home.dir, 'notes.mp4'), 'not a video')
    await writeClip('good.mp4')
    const { code, stdout, stderr } = await home.run(['upload', 'notes.mp4', 'good.mp4'])
    expect(code).toBe(1)
    expect(stderr).toContain('notes.mp4')
    expect(stdout.trim().split('\n')).toHaveLength(1)
  })
})

it('lists, prints, downloads and deletes videos', { tags: 'full' }, async () => {
  const file = await writeClip('download.mp4', 3_000_000)
  const uploaded = await home.run(['upload', '--json', file])
  const { video } = parseLines<{ video: VideoDetails }>(uploaded.stdout).at(-1)!
  expect((await home.run(['videos', 'list', '--search', 'download'])).stdout).toMatch(
    new RegExp(`${video.id} +done .*download`),
  )
  expect(JSON.parse((await home.run(['videos', 'get', video.id])).stdout)).toMatchObject({ id: video.id })

  // An interrupted download continues.
  const { headers } = await ada.fetch(video.urls.download, { method: 'HEAD' })
  const part = partOf(path.join(home.dir, 'copy.mp4'), headers.get('etag'))
  writeFileSync(part, readFileSync(file))
  truncateSync(part, 1_000_000)
  expect((await home.run(['videos', 'download', video.id, '-o', 'copy.mp4'])).code).toBe(0)
  expect(sha256Of(path.join(home.dir, 'copy.mp4'))).toBe(sha256Of(file))
  expect(existsSync(part)).toBe(false)
  const again = await home.run(['videos', 'download', video.id, '-o', 'copy.mp4'])
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('exists') })
  const piped = await home.run(['videos', 'download', video.id, '-o', '-'])
  expect(piped.code).toBe(0)

  expect((await home.run(['videos', 'delete', video.id])).code).toBe(0)
  expect((await fetchVideo(video.id)).deletedAt).not.toBeNull()
  expect((await home.run(['videos', 'delete', '--permanently', video.id])).code).toBe(0)
  expect((await ada.fetch(`/api/v1/videos/${video.id}`)).status).toBe(404)
})

it('orders a machine, types into its console, stops and deletes it', { tags: 'full' }, async () => {
  const ordered = await home.run(['machines', 'order', '--name', 'build-box', '--json'])
  expect(ordered.code).toBe(0)
  expect(parseLines<Machine>(ordered.stdout).at(-1)).toMatchObject({ name: 'build-box', state: 'running' })

  const typing = home.start(['console', 'build-box'], { isTty: true })
  await typing.expectOutput('root@build-box:~# ')
  typing.type('echo $((6*7))\r')
  await typing.expectOutput(/\n42\r+\n/)
  typing.type('\x1d')
  expect(await typing.exited()).toBe(0)
  expect(typing.stdout).toContain('The machine keeps running.')

  const piped = await home.run(['console', 'build-box'], { input: 'echo $((20+3))\n' })
  expect(piped).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n23\r+\n/) })

  expect((await home.run(['machines', 'list'])).stdout).toMatch(/ running +tiny +tiny +build-box/)
  expect((await home.run(['machines', 'stop', 'build-box'])).stdout).toMatch(/ stopped {2}build-box/)
  expect((await home.run(['console', 'build-box'])).code).toBe(1)
  expect((await home.run(['machines', 'delete', 'build-box'])).code).toBe(0)
  expect((await home.run(['machines', 'delete', 'build-box'])).code).toBe(1)
})

it(
  'lists and cancels tasks, and exits with 1 when work that it waits for is canceled',
  { tags: 'full' },
  async () => {
    await worker.stop('SIGTERM')
    const file = await writeClip('canceled.mp4')
    const { stdout } = await home.run(['upload', '--no-wait', '--json', file])
    const { taskId } = parseLines<{ taskId: string }>(stdout).at(-1)!
    const waiting = home.start(['wait', taskId])
    await waiting.expectOutput('waiting')
    const listed = await home.run(['tasks', 'list', '--json'])
    expect(parseLines<Task[]>(listed.stdout)[0]!.map(({ id }) => id)).toContain(taskId)
    expect((await home.run(['tasks', 'cancel', taskId])).stdout).toContain('canceled')
    expect(await waiting.exited()).toBe(1)
    worker = await startWorker(web)
    expect((await home.run(['tasks', 'retry', taskId])).code).toBe(0)
    expect((await home.run(['wait', taskId])).code).toBe(0)
  },
)
