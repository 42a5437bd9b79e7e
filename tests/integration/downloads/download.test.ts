import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { download } from '@/worker/downloads/download'

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-download-'))
const content = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 7919) % 251))
const checksum = { algorithm: 'sha256', hex: createHash('sha256').update(content).digest('hex') } as const
const ranges: (string | undefined)[] = []
let serve: (request: IncomingMessage, response: ServerResponse) => void
const server = createServer((request, response) => {
  ranges.push(request.headers.range)
  serve(request, response)
})
let url: string
let destination: string

/** As servers of files do: the rest where that is asked for. */
const withRanges = (request: IncomingMessage, response: ServerResponse) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (from >= content.length)
    return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from })
  response.end(content.subarray(from))
}
const cutAfter = (bytes: number) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-length': content.length })
  response.write(content.subarray(0, bytes), () => response.destroy())
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files/model.bin`
})
beforeEach(() => {
  destination = path.join(mkdtempSync(path.join(dir, 'd-')), 'deep/model.bin')
  ranges.length = 0
  serve = withRanges
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(dir, { recursive: true, force: true })
})

const get = (more: Partial<Parameters<typeof download>[0]> = {}) =>
  download({ url, destination, checksum, signal: new AbortController().signal, ...more })
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
  serve = cutAfter(80_000)
  await expect(get()).rejects.toMatchObject({ code: expect.stringMatching(/^download\./) })
  const { size } = statSync(`${destination}.part`)
  expect(size).toBeGreaterThan(0)
  serve = withRanges
  await get()
  expect(ranges).toEqual([undefined, `bytes=${size}-`])
  expect(isWhole()).toBe(true)
})

it('begins anew where the server cannot go on', async () => {
  serve = cutAfter(80_000)
  await get().catch(() => undefined)
  serve = (_request, response) => void response.end(content)
  await get()
  expect(isWhole()).toBe(true)
})

it('takes what came whole before, without its being sent again', async () => {
  await get()
  writeFileSync(`${destination}.part`, content)
  await get()
  expect(ranges.at(-1)).toBe(`bytes=${content.length}-`)
  expect(isWhole()).toBe(true)
})

it('keeps nothing of a file that is another one', async () => {
  serve = (_request, response) => void response.end('something else')
  await expect(get()).rejects.toMatchObject({ code: 'download.wrong_content' })
  expect([existsSync(destination), existsSync(`${destination}.part`)]).toEqual([false, false])
})

it('refuses a file larger than it should be before it has come', async () => {
  await expect(get({ sizeBytes: 1000 })).rejects.toMatchObject({ code: 'download.too_large' })
  serve = (_request, response) => {
    for (let n = 0; n < 20; n++) response.write(content)
    response.end()
  }
  await expect(get({ sizeBytes: content.length })).rejects.toMatchObject({ code: 'download.too_large' })
})

it('says what the server answered, and that nobody answers', async () => {
  serve = (_request, response) => void response.writeHead(404).end()
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
  serve = (_request, response) => {
    response.writeHead(200, { 'content-length': content.length })
    response.write(content.subarray(0, 1000))
  }
  await expect(get({ stallMs: 200 })).rejects.toMatchObject({ code: 'download.cut_off' })
  const stop = new AbortController()
  const reason = new Error('enough')
  await expect(get({ signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(reason)
})
