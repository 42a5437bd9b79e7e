import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { useFileServer } from '@/tests/support/file-server'
import { downloadFile } from '@/worker/downloads/download-file'

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-download-'))
/** So large that some of it is on the disk before the rest comes. */
const content = randomBytes(3_000_000)
const checksum = { algorithm: 'sha256', hex: createHash('sha256').update(content).digest('hex') } as const
const server = useFileServer()
let destination: string

const breakOffAfter = (count: number) => (response: ServerResponse, bytes: Buffer) =>
  void response.write(bytes.subarray(0, count), () => response.destroy())
const requestedRanges = () => server.asked.map(({ range }) => range)

beforeEach(() => {
  destination = path.join(mkdtempSync(path.join(dir, 'd-')), 'deep/model.bin')
  server.files.set('files/model.bin', content)
  server.asked.length = 0
  server.sendBody = undefined
  server.handleRequest = undefined
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const runDownload = (more: Partial<Parameters<typeof downloadFile>[0]> = {}) =>
  downloadFile({
    url: server.url('files/model.bin'),
    destination,
    checksum,
    signal: new AbortController().signal,
    ...more,
  })
const isComplete = () => readFileSync(destination).equals(content) && !existsSync(`${destination}.part`)

it('brings a file, tells how far it is, and puts it in place when it is whole', async () => {
  const seen: { bytes: number; totalBytes: number | null }[] = []
  await runDownload({
    onProgress: (progress) => {
      seen.push(progress)
      expect(existsSync(destination)).toBe(false)
    },
  })
  expect(isComplete()).toBe(true)
  expect(seen.at(-1)).toEqual({ bytes: content.length, totalBytes: content.length })
})

it('goes on behind what came before the connection broke', async () => {
  server.sendBody = breakOffAfter(2_000_000)
  await expect(runDownload()).rejects.toMatchObject({ code: expect.stringMatching(/^download\./) })
  const { size } = statSync(`${destination}.part`)
  expect(size).toBeGreaterThan(0)
  server.sendBody = undefined
  await runDownload()
  expect(requestedRanges()).toEqual([undefined, `bytes=${size}-`])
  expect(isComplete()).toBe(true)
})

it('begins anew where the server cannot go on', async () => {
  server.sendBody = breakOffAfter(2_000_000)
  await runDownload().catch(() => undefined)
  server.handleRequest = (response) => void response.end(content)
  await runDownload()
  expect(isComplete()).toBe(true)
})

it('takes what came whole before, without its being sent again', async () => {
  await runDownload()
  renameSync(destination, `${destination}.part`)
  await runDownload()
  expect(requestedRanges().at(-1)).toBe(`bytes=${content.length}-`)
  expect(isComplete()).toBe(true)
})

it('keeps nothing of a file that is another one', async () => {
  server.handleRequest = (response) => void response.end('something else')
  await expect(runDownload()).rejects.toMatchObject({ code: 'download.wrong_content' })
  expect([existsSync(destination), existsSync(`${destination}.part`)]).toEqual([false, false])
})

it('refuses a file larger than it should be before it has come', async () => {
  await expect(runDownload({ maxBytes: 1000 })).rejects.toMatchObject({ code: 'download.too_large' })
  server.handleRequest = (response) => {
    for (let n = 0; n < 20; n++) response.write(content)
    response.end()
  }
  await expect(runDownload({ maxBytes: content.length })).rejects.toMatchObject({
    code: 'download.too_large',
  })
})

it('says what the server answered, and that nobody answers', async () => {
  server.handleRequest = (response) => void response.writeHead(404).end()
  await expect(runDownload()).rejects.toMatchObject({
    code: 'download.refused',
    message: expect.stringMatching(
      /^model\.bin could not be downloaded from 127\.0\.0\.1:\d+: the server answers 404\.$/,
    ),
  })
  await expect(runDownload({ url: 'http://127.0.0.1:9/model.bin' })).rejects.toMatchObject({
    code: 'download.unreachable',
  })
})

it('gives up on a server that sends no more, and stops when it is told to', async () => {
  server.handleRequest = (response) => {
    response.writeHead(200, { 'content-length': content.length })
    response.write(content.subarray(0, 1000))
  }
  await expect(runDownload({ stallTimeoutMs: 200 })).rejects.toMatchObject({ code: 'download.cut_off' })
  const stop = new AbortController()
  const reason = new Error('enough')
  await expect(runDownload({ signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(
    reason,
  )
})

it('goes on by itself where that is wanted, as long as something comes', async () => {
  let cuts = 0
  server.sendBody = (response, bytes) =>
    cuts++ < 3 ? breakOffAfter(700_000)(response, bytes) : void response.end(bytes)
  await runDownload({ maxAttempts: 2 })
  expect(isComplete()).toBe(true)
  expect(requestedRanges()).toHaveLength(4)
})

it('does not wait long for a server that takes the question and says nothing', async () => {
  server.handleRequest = () => undefined
  await expect(runDownload({ responseTimeoutMs: 200 })).rejects.toMatchObject({
    code: 'download.unreachable',
    message: expect.stringContaining('no answer within 0.2 s'),
  })
})

it('brings it once for all who want it', async () => {
  await Promise.all([runDownload(), runDownload(), runDownload()])
  expect(isComplete()).toBe(true)
  expect(requestedRanges()).toEqual([undefined])
  expect(readdirSync(path.dirname(destination))).toEqual(['model.bin'])
})

it('waits for another process that is at it, and goes on from there when that one was killed', async () => {
  server.sendBody = (response, bytes) => void response.write(bytes.subarray(0, 800_000))
  const code = `
    import { downloadFile } from '@/worker/downloads/download-file'
    const { signal } = new AbortController()
    const given = ${JSON.stringify({ url: server.url('files/model.bin'), destination, checksum })}
    await downloadFile({ ...given, signal, onProgress: () => process.stdout.write('.') })`
  const args = ['--import', 'tsx', '--input-type=module', '-e', code]
  const other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  const { ino } = statSync(`${destination}.lock`)
  const ours = runDownload()
  const waiting = new RegExp(`-> FLOCK .*:${ino} `)
  await expect.poll(() => readFileSync('/proc/locks', 'utf8')).toMatch(waiting)
  await expect.poll(() => statSync(`${destination}.part`).size).toBeGreaterThan(0)
  expect(requestedRanges()).toEqual([undefined])
  server.sendBody = undefined
  other.kill('SIGKILL')
  await ours
  expect(requestedRanges()).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]/)])
  expect(isComplete()).toBe(true)
})

it('ends its waiting for another when it is told to', async () => {
  server.sendBody = (response, bytes) => void response.write(bytes.subarray(0, 1000))
  const [holding, waiting] = [new AbortController(), new AbortController()]
  const enough = new Error('enough')
  let second: Promise<void> | undefined
  const first = runDownload({
    signal: holding.signal,
    onProgress: () => {
      second = runDownload({ signal: waiting.signal })
      second.catch(() => holding.abort(enough))
      waiting.abort(enough)
    },
  })
  await expect(first).rejects.toBe(enough)
  await expect(second).rejects.toBe(enough)
})
