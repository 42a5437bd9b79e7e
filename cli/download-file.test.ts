import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MeanwhileClient } from '../client/client'
import { downloadFile, partOf } from './download-file'
import { Output } from './output'

let server: Server
let dir: string
/** What the server has at each path. Its ETag is the path. */
const files: Record<string, string> = { '/first': 'one two three four', '/second': 'ONE TWO THREE FOUR FIVE' }
const ranges: (string | undefined)[] = []

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-download-'))
  server = createServer((request, response) => {
    const etag = `"${request.url}"`
    const content = files[request.url!]!
    const { range, 'if-range': ifRange } = request.headers
    ranges.push(range)
    const isPart = range !== undefined && (ifRange ?? etag) === etag
    const start = isPart ? Number(/\d+/.exec(range)![0]) : 0
    const body = content.slice(start)
    response.writeHead(isPart ? 206 : 200, { etag, 'content-length': body.length }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  ranges.length = 0
  server.close()
  rmSync(dir, { recursive: true })
})

async function download(url: string) {
  const { port } = server.address() as AddressInfo
  const client = new MeanwhileClient({ url: `http://127.0.0.1:${port}`, apiKey: 'key' })
  const sink = new PassThrough().resume()
  const context = {
    output: new Output({ stdout: sink, stderr: sink, isJson: true }),
    signal: new AbortController().signal,
    connect: async () => client,
    onInterrupt: () => undefined,
  }
  const to = path.join(dir, 'film.mp4')
  await downloadFile(context, { client, url, name: 'film.mp4', to, isReplacing: false })
  return readFileSync(to, 'utf8')
}
const writePart = (etag: string, content: string) =>
  writeFileSync(partOf(path.join(dir, 'film.mp4'), etag), content)

it('continues what an earlier run has received', async () => {
  writePart('"/first"', 'one two ')
  expect(await download('/first')).toBe(files['/first'])
  expect(ranges).toEqual([undefined, 'bytes=8-'])
  expect(readdirSync(dir)).toEqual(['film.mp4'])
})

it('does not continue with the part of another file, or another version, of the same name', async () => {
  writePart('"/first"', 'one two ')
  expect(await download('/second')).toBe(files['/second'])
})

it('downloads a file again whose part is too long', async () => {
  writePart('"/first"', `${files['/first']} and more`)
  expect(await download('/first')).toBe(files['/first'])
})
