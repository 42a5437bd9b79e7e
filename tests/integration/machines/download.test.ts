import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { downloadImage } from '@/worker/machines/images/debian/download'
import { useFileServer } from '@/tests/support/file-server'

const server = useFileServer()
const CONTENT = randomBytes(3_000_000)
let root: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-download-'))
  server.files.clear()
  server.files.set('image.qcow2', CONTENT)
  server.asked.length = 0
  server.misbehave = undefined
})
afterEach(() => rm(root, { recursive: true, force: true }))

const to = () => path.join(root, 'image')
const get = (given: { url?: string; signal?: AbortSignal; onProgress?: (received: number) => void } = {}) =>
  downloadImage({
    url: given.url ?? server.url('image.qcow2'),
    dir: path.join(root, 'kept'),
    to: to(),
    signal: given.signal ?? new AbortController().signal,
    onProgress: ({ bytes }) => given.onProgress?.(bytes),
  })
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no failure',
    (error: { code?: string }) => error.code,
  )
const half = (response: ServerResponse, bytes: Buffer) =>
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
const ranges = () => server.asked.filter(({ name }) => name === 'image.qcow2').map(({ range }) => range)

it('downloads a file that is what the checksum beside it says, and tells how far it is', async () => {
  const told: number[] = []
  await get({ onProgress: (received) => told.push(received) })
  expect(CONTENT.equals(await readFile(to()))).toBe(true)
  expect(told.at(-1)).toBe(CONTENT.length)
  expect(await readdir(root)).toEqual(['image'])
})

it('goes on where an answer broke off, without asking for what it has', async () => {
  let times = 0
  server.misbehave = (response, bytes) => (times++ < 2 ? half(response, bytes) : response.end(bytes))
  await get()
  expect(CONTENT.equals(await readFile(to()))).toBe(true)
  const [first, second, third] = ranges()
  expect(first).toBeUndefined()
  expect(Number(/bytes=(\d+)-/.exec(second!)?.[1])).toBeGreaterThan(0)
  expect(Number(/bytes=(\d+)-/.exec(third!)?.[1])).toBeGreaterThan(CONTENT.length / 2)
})

it('that is given up is gone on with by the next one', async () => {
  const stop = new AbortController()
  server.misbehave = (response, bytes) => void response.write(bytes.subarray(0, 1_000_000))
  const reason = new Error('canceled')
  const onProgress = (received: number) => received >= 500_000 && stop.abort(reason)
  await expect(get({ signal: stop.signal, onProgress })).rejects.toBe(reason)
  const [part] = await readdir(path.join(root, 'kept'))
  const { size } = await stat(path.join(root, 'kept', part!))
  expect(size).toBeGreaterThan(0)
  server.misbehave = undefined
  await get()
  expect(ranges().at(-1)).toBe(`bytes=${size}-`)
  expect(CONTENT.equals(await readFile(to()))).toBe(true)
})

it('that only ever breaks off ends with words, and keeps what came', async () => {
  server.misbehave = (response) => response.destroy()
  expect(await codeOf(get())).toBe('machine.image_interrupted')
  expect(await readdir(root)).toEqual(['kept'])
})

it('begins anew when another release has come out meanwhile', async () => {
  const stop = new AbortController()
  server.misbehave = (response, bytes) => void response.write(bytes.subarray(0, 1_000_000))
  await codeOf(
    get({ signal: stop.signal, onProgress: (received) => received > 0 && stop.abort(new Error()) }),
  )
  server.misbehave = undefined
  const newer = randomBytes(2_000_000)
  server.files.set('image.qcow2', newer)
  await get()
  expect(ranges().at(-1)).toBeUndefined()
  expect(newer.equals(await readFile(to()))).toBe(true)
})

it.each([
  [
    'is not what its checksum says',
    (sums: string) => sums.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
  ],
  ['has no checksum', (sums: string) => sums.replace('image.qcow2', 'other.qcow2')],
])('refuses a file that %s', async (_, change) => {
  const { sums } = server
  server.sums = () => change(sums())
  expect(await codeOf(get())).toBe('machine.image_unverified')
  expect((await readdir(root)).filter((name) => name !== 'kept')).toEqual([])
  server.sums = sums
})

it('takes no list of checksums that somebody on the way could have written', async () => {
  const [key, cert] = [path.join(root, 'key.pem'), path.join(root, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  const secure = createServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) =>
    response.writeHead(302, { location: server.url(request.url!.slice(1)) }).end(),
  ).listen(0, 'localhost')
  await once(secure, 'listening')
  onTestFinished(() => void secure.close())
  const url = `https://localhost:${(secure.address() as AddressInfo).port}/image.qcow2`
  const code = `
    import { downloadImage } from '@/worker/machines/images/debian/download'
    const given = ${JSON.stringify({ url, dir: path.join(root, 'kept'), to: to() })}
    const signal = new AbortController().signal
    await downloadImage({ ...given, signal, onProgress() {} }).catch((error) => console.log(error.message))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  expect(await text(child.stdout)).toContain(`leads to ${server.url('SHA512SUMS')}`)
  expect(ranges()).toEqual([])
})

it('tells a server that cannot be reached from one that has no such file', async () => {
  expect(await codeOf(get({ url: 'http://127.0.0.1:9/image.qcow2' }))).toBe('machine.image_unreachable')
  const { sums } = server
  server.sums = () => sums().replace('image.qcow2', 'gone.qcow2')
  expect(await codeOf(get({ url: server.url('gone.qcow2') }))).toBe('machine.image_not_there')
  server.sums = sums
})
