import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { useFileServer } from '@/tests/support/file-server'
import { evalArgs } from '@/tests/support/eval-args'
import { neverAborted } from '@/tests/support/never-aborted'
import { downloadFile } from '@/worker/downloads/download-file'

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-download-'))
/** Large enough that a part is on disk before the rest arrives. */
const content = randomBytes(3_000_000)
const checksum = { algorithm: 'sha256', hex: createHash('sha256').update(content).digest('hex') } as const
const server = useFileServer()
let destination: string

const breakOffAfter = (count: number) => (response: ServerResponse, bytes: Buffer) =>
  void response.write(bytes.subarray(0, count), () => response.destroy())
const requestedRanges = () => server.requests.map(({ range }) => range)

beforeEach(() => {
  destination = path.join(mkdtempSync(path.join(dir, 'd-')), 'deep/model.bin')
  server.files.set('files/model.bin', content)
  server.requests.length = 0
  server.sendBody = undefined
  server.handleRequest = undefined
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const runDownload = (more: Partial<Parameters<typeof downloadFile>[0]> = {}) =>
  downloadFile({
    url: server.url('files/model.bin'),
    destination,
    checksum,
    signal: neverAborted,
    ...more,
  })
const isComplete = () => readFileSync(destination).equals(content) && !existsSync(`${destination}.part`)

it('reports its progress and moves the file into place once it is complete', async () => {
  const reports: { bytes: number; totalBytes: number | null }[] = []
  await runDownload({
    onProgress: (progress) => {
      reports.push(progress)
      expect(existsSync(destination)).toBe(false)
    },
  })
  expect(isComplete()).toBe(true)
  expect(reports.at(-1)).toEqual({ bytes: content.length, totalBytes: content.length })
})

it('resumes behind the received bytes after the connection broke', async () => {
  server.sendBody = breakOffAfter(2_000_000)
  await expect(runDownload()).rejects.toMatchObject({ code: expect.stringMatching(/^download\./) })
  const { size } = statSync(`${destination}.part`)
  expect(size).toBeGreaterThan(0)
  server.sendBody = undefined
  await runDownload()
  expect(requestedRanges()).toEqual([undefined, `bytes=${size}-`])
  expect(isComplete()).toBe(true)
})

it('starts over if the server does not support ranges', async () => {
  server.sendBody = breakOffAfter(2_000_000)
  await runDownload().catch(() => undefined)
  server.handleRequest = (response) => void response.end(content)
  await runDownload()
  expect(isComplete()).toBe(true)
})

it('uses a complete partial file without downloading it again', async () => {
  await runDownload()
  renameSync(destination, `${destination}.part`)
  await runDownload()
  expect(requestedRanges().at(-1)).toBe(`bytes=${content.length}-`)
  expect(isComplete()).toBe(true)
})

it('deletes a file with another checksum', async () => {
  server.handleRequest = (response) => void response.end('something else')
  await expect(runDownload()).rejects.toMatchObject({ code: 'download.wrong_content' })
  expect([existsSync(destination), existsSync(`${destination}.part`)]).toEqual([false, false])
})

it('refuses a file that is larger than allowed before it is complete', async () => {
  await expect(runDownload({ maxBytes: 1000 })).rejects.toMatchObject({ code: 'download.too_large' })
  server.handleRequest = (response) => {
    for (let n = 0; n < 20; n++) response.write(content)
    response.end()
  }
  await expect(runDownload({ maxBytes: content.length })).rejects.toMatchObject({
    code: 'download.too_large',
  })
})

it('reports the status of the server, or that it is unreachable', async () => {
  server.handleRequest = (response) => void response.writeHead(404).end()
  await expect(runDownload()).rejects.toMatchObject({
    code: 'download.refused',
    message: expect.stringMatching(
      /^model\.bin could not be downloaded from 127\.0\.0\.1:\d+: the server responded with status 404\.$/,
    ),
  })
  await expect(runDownload({ url: 'http://127.0.0.1:9/model.bin' })).rejects.toMatchObject({
    code: 'download.unreachable',
  })
})

it('stops when the server sends no more data and when the signal aborts', async () => {
  server.handleRequest = (response) => {
    response.writeHead(200, { 'content-length': content.length })
    response.write(content.subarray(0, 1000))
  }
  await expect(runDownload({ stallTimeoutMs: 200 })).rejects.toMatchObject({ code: 'download.cut_off' })
  const stop = new AbortController()
  const reason = new Error('aborted')
  await expect(runDownload({ signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(
    reason,
  )
})

it('retries an interrupted download while each attempt receives data', async () => {
  let cuts = 0
  server.sendBody = (response, bytes) =>
    cuts++ < 3 ? breakOffAfter(700_000)(response, bytes) : void response.end(bytes)
  await runDownload({ maxAttempts: 2 })
  expect(isComplete()).toBe(true)
  expect(requestedRanges()).toHaveLength(4)
})

it('stops waiting for a server that accepts the request but does not respond', async () => {
  server.handleRequest = () => undefined
  await expect(runDownload({ responseTimeoutMs: 200 })).rejects.toMatchObject({
    code: 'download.unreachable',
    message: expect.stringContaining('no response within 0.2 s'),
  })
})

it('downloads a file once for concurrent callers', async () => {
  await Promise.all([runDownload(), runDownload(), runDownload()])
  expect(isComplete()).toBe(true)
  expect(requestedRanges()).toEqual([undefined])
  expect(readdirSync(path.dirname(destination))).toEqual(['model.bin'])
})

it('waits for a download by another process, and resumes it when that process is killed', async () => {
  server.sendBody = (response, bytes) => void response.write(bytes.subarray(0, 800_000))
  const code = `
    import { downloadFile } from '@/worker/downloads/download-file'
    const { signal } = new AbortController()
    const options = ${JSON.stringify({ url: server.url('files/model.bin'), destination, checksum })}
    await downloadFile({ ...options, signal, onProgress: () => process.stdout.write('.') })`
  const other = spawn(process.execPath, evalArgs(code), { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  const { ino } = statSync(`${destination}.lock`)
  const own = runDownload()
  const waiting = new RegExp(`-> FLOCK .*:${ino} `)
  await expect.poll(() => readFileSync('/proc/locks', 'utf8')).toMatch(waiting)
  await expect.poll(() => statSync(`${destination}.part`).size).toBeGreaterThan(0)
  expect(requestedRanges()).toEqual([undefined])
  server.sendBody = undefined
  other.kill('SIGKILL')
  await own
  expect(requestedRanges()).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]/)])
  expect(isComplete()).toBe(true)
})

it('stops waiting for another download when the signal aborts', async () => {
  server.sendBody = (response, bytes) => void response.write(bytes.subarray(0, 1000))
  const [holding, waiting] = [new AbortController(), new AbortController()]
  const aborted = new Error('aborted')
  let second: Promise<void> | undefined
  const first = runDownload({
    signal: holding.signal,
    onProgress: () => {
      second = runDownload({ signal: waiting.signal })
      second.catch(() => holding.abort(aborted))
      waiting.abort(aborted)
    },
  })
  await expect(first).rejects.toBe(aborted)
  await expect(second).rejects.toBe(aborted)
})
