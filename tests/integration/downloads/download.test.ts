import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { useFileServer } from '@/tests/support/file-server'
import { download } from '@/worker/downloads/download'

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-download-'))
/** So large that some of it is on the disk before the rest comes. */
const content = randomBytes(3_000_000)
const checksum = { algorithm: 'sha256', hex: createHash('sha256').update(content).digest('hex') } as const
const server = useFileServer()
let destination: string

const cutAfter = (count: number) => (response: ServerResponse, bytes: Buffer) =>
  void response.write(bytes.subarray(0, count), () => response.destroy())
const ranges = () => server.asked.map(({ range }) => range)

beforeEach(() => {
  destination = path.join(mkdtempSync(path.join(dir, 'd-')), 'deep/model.bin')
  server.files.set('files/model.bin', content)
  server.asked.length = 0
  server.misbehave = undefined
  server.serve = undefined
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const get = (more: Partial<Parameters<typeof download>[0]> = {}) =>
  download({
    url: server.url('files/model.bin'),
    destination,
    checksum,
    signal: new AbortController().signal,
    ...more,
  })
const isWhole = () => readFileSync(destination).equals(content) && !existsSync(`${destination}.part`)

it('brings a file, tells how far it is, and puts it in place when it is whole', async () => {
  const seen: { bytes: number; totalBytes: number | null }[] = []
  await get({
    onProgress: (progress) => {
      seen.push(progress)
      expect(existsSync(destination)).toBe(false)
    },
  })
  expect(isWhole()).toBe(true)
  expect(seen.at(-1)).toEqual({ bytes: content.length, totalBytes: content.length })
})

it('goes on behind what came before the connection broke', async () => {
  server.misbehave = cutAfter(2_000_000)
  await expect(get()).rejects.toMatchObject({ code: expect.stringMatching(/^download\./) })
  const { size } = statSync(`${destination}.part`)
  expect(size).toBeGreaterThan(0)
  server.misbehave = undefined
  await get()
  expect(ranges()).toEqual([undefined, `bytes=${size}-`])
  expect(isWhole()).toBe(true)
})

it('begins anew where the server cannot go on', async () => {
  server.misbehave = cutAfter(2_000_000)
  await get().catch(() => undefined)
  server.serve = (response) => void response.end(content)
  await get()
  expect(isWhole()).toBe(true)
})

it('takes what came whole before, without its being sent again', async () => {
  await get()
  renameSync(destination, `${destination}.part`)
  await get()
  expect(ranges().at(-1)).toBe(`bytes=${content.length}-`)
  expect(isWhole()).toBe(true)
})

it('keeps nothing of a file that is another one', async () => {
  server.serve = (response) => void response.end('something else')
  await expect(get()).rejects.toMatchObject({ code: 'download.wrong_content' })
  expect([existsSync(destination), existsSync(`${destination}.part`)]).toEqual([false, false])
})

it('refuses a file larger than it should be before it has come', async () => {
  await expect(get({ maxBytes: 1000 })).rejects.toMatchObject({ code: 'download.too_large' })
  server.serve = (response) => {
    for (let n = 0; n < 20; n++) response.write(content)
    response.end()
  }
  await expect(get({ maxBytes: content.length })).rejects.toMatchObject({ code: 'download.too_large' })
})

it('says what the server answered, and that nobody answers', async () => {
  server.serve = (response) => void response.writeHead(404).end()
  await expect(get()).rejects.toMatchObject({
    code: 'download.refused',
    message: expect.stringMatching(
      /^model\.bin could not be downloaded from 127\.0\.0\.1:\d+: the server answers 404\.$/,
    ),
  })
  await expect(get({ url: 'http://127.0.0.1:9/model.bin' })).rejects.toMatchObject({
    code: 'download.unreachable',
  })
})

it('gives up on a server that sends no more, and stops when it is told to', async () => {
  server.serve = (response) => {
    response.writeHead(200, { 'content-length': content.length })
    response.write(content.subarray(0, 1000))
  }
  await expect(get({ stallMs: 200 })).rejects.toMatchObject({ code: 'download.cut_off' })
  const stop = new AbortController()
  const reason = new Error('enough')
  await expect(get({ signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(reason)
})

it('goes on by itself where that is wanted, as long as something comes', async () => {
  let cuts = 0
  server.misbehave = (response, bytes) =>
    cuts++ < 3 ? cutAfter(700_000)(response, bytes) : void response.end(bytes)
  await get({ tries: 2 })
  expect(isWhole()).toBe(true)
  expect(ranges()).toHaveLength(4)
})

it('does not wait long for a server that takes the question and says nothing', async () => {
  server.serve = () => undefined
  await expect(get({ answerMs: 200 })).rejects.toMatchObject({
    code: 'download.unreachable',
    message: expect.stringContaining('no answer within 0.2 s'),
  })
})

it('brings it once for all who want it', async () => {
  await Promise.all([get(), get(), get()])
  expect(isWhole()).toBe(true)
  expect(ranges()).toEqual([undefined])
  expect(readdirSync(path.dirname(destination))).toEqual(['model.bin'])
})

it('waits for another process that is at it, and goes on from there when that one was killed', async () => {
  server.misbehave = (response, bytes) => void response.write(bytes.subarray(0, 800_000))
  const code = `
    import { download } from '@/worker/downloads/download'
    const { signal } = new AbortController()
    const given = ${JSON.stringify({ url: server.url('files/model.bin'), destination, checksum })}
    await download({ ...given, signal, onProgress: () => process.stdout.write('.') })`
  const args = ['--import', 'tsx', '--input-type=module', '-e', code]
  const other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  const { ino } = statSync(`${destination}.lock`)
  const ours = get()
  const waiting = new RegExp(`-> FLOCK .*:${ino} `)
  await expect.poll(() => readFileSync('/proc/locks', 'utf8')).toMatch(waiting)
  await expect.poll(() => statSync(`${destination}.part`).size).toBeGreaterThan(0)
  expect(ranges()).toEqual([undefined])
  server.misbehave = undefined
  other.kill('SIGKILL')
  await ours
  expect(ranges()).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]/)])
  expect(isWhole()).toBe(true)
})

it('ends its waiting for another when it is told to', async () => {
  server.misbehave = (response, bytes) => void response.write(bytes.subarray(0, 1000))
  const [holding, waiting] = [new AbortController(), new AbortController()]
  const enough = new Error('enough')
  let second: Promise<void> | undefined
  const first = get({
    signal: holding.signal,
    onProgress: () => {
      second = get({ signal: waiting.signal })
      second.catch(() => holding.abort(enough))
      waiting.abort(enough)
    },
  })
  await expect(first).rejects.toBe(enough)
  await expect(second).rejects.toBe(enough)
})
