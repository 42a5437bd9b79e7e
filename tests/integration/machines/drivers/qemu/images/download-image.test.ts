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
import { downloadImage } from '@/worker/machines/drivers/qemu/images/debian/download-image'
import { useFileServer } from '@/tests/support/file-server'
import { rejectionOf } from '@/tests/support/rejection-of'
import { evalArgs } from '@/tests/support/eval-args'
import { neverAborted } from '@/tests/support/never-aborted'

const server = useFileServer()
const CONTENT = randomBytes(3_000_000)
let root: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'meanwhile-download-'))
  server.files.clear()
  server.files.set('image.qcow2', CONTENT)
  server.requests.length = 0
  server.sendBody = undefined
})
afterEach(() => rm(root, { recursive: true, force: true }))

const destination = () => path.join(root, 'image')
const runDownload = (
  options: { url?: string; signal?: AbortSignal; onProgress?: (received: number) => void } = {},
) =>
  downloadImage({
    url: options.url ?? server.url('image.qcow2'),
    dir: path.join(root, 'partial'),
    to: destination(),
    signal: options.signal ?? neverAborted,
    onProgress: ({ bytes }) => options.onProgress?.(bytes),
  })
const interruptHalfway = (response: ServerResponse, bytes: Buffer) =>
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
const requestedRanges = () =>
  server.requests.filter(({ name }) => name === 'image.qcow2').map(({ range }) => range)

it('downloads a file that matches its checksum and reports progress', async () => {
  const progress: number[] = []
  await runDownload({ onProgress: (received) => progress.push(received) })
  expect(CONTENT.equals(await readFile(destination()))).toBe(true)
  expect(progress.at(-1)).toBe(CONTENT.length)
  expect(await readdir(root)).toEqual(['image'])
})

it('resumes interrupted responses with range requests', async () => {
  let times = 0
  server.sendBody = (response, bytes) =>
    times++ < 2 ? interruptHalfway(response, bytes) : response.end(bytes)
  await runDownload()
  expect(CONTENT.equals(await readFile(destination()))).toBe(true)
  const [first, second, third] = requestedRanges()
  expect(first).toBeUndefined()
  expect(Number(/bytes=(\d+)-/.exec(second!)?.[1])).toBeGreaterThan(0)
  expect(Number(/bytes=(\d+)-/.exec(third!)?.[1])).toBeGreaterThan(CONTENT.length / 2)
})

it('resumes a canceled download in the next attempt', async () => {
  const stop = new AbortController()
  server.sendBody = (response, bytes) => void response.write(bytes.subarray(0, 1_000_000))
  const reason = new Error('canceled')
  const onProgress = (received: number) => received >= 500_000 && stop.abort(reason)
  await expect(runDownload({ signal: stop.signal, onProgress })).rejects.toBe(reason)
  const [part] = await readdir(path.join(root, 'partial'))
  const { size } = await stat(path.join(root, 'partial', part!))
  expect(size).toBeGreaterThan(0)
  server.sendBody = undefined
  await runDownload()
  expect(requestedRanges().at(-1)).toBe(`bytes=${size}-`)
  expect(CONTENT.equals(await readFile(destination()))).toBe(true)
})

it('fails after repeated interruptions and keeps the partial file', async () => {
  server.sendBody = (response) => response.destroy()
  expect(await rejectionOf(runDownload())).toMatchObject({ code: 'machine.image_interrupted' })
  expect(await readdir(root)).toEqual(['partial'])
})

it('restarts when another release has been published since', async () => {
  const stop = new AbortController()
  server.sendBody = (response, bytes) => void response.write(bytes.subarray(0, 1_000_000))
  await rejectionOf(
    runDownload({ signal: stop.signal, onProgress: (received) => received > 0 && stop.abort(new Error()) }),
  )
  server.sendBody = undefined
  const newer = randomBytes(2_000_000)
  server.files.set('image.qcow2', newer)
  await runDownload()
  expect(requestedRanges().at(-1)).toBeUndefined()
  expect(newer.equals(await readFile(destination()))).toBe(true)
})

it.each([
  [
    'does not match its checksum',
    (sums: string) => sums.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
  ],
  ['has no checksum', (sums: string) => sums.replace('image.qcow2', 'other.qcow2')],
])('refuses a file that %s', async (_, change) => {
  const { checksums: sums } = server
  server.checksums = () => change(sums())
  expect(await rejectionOf(runDownload())).toMatchObject({ code: 'machine.image_unverified' })
  expect((await readdir(root)).filter((name) => name !== 'partial')).toEqual([])
  server.checksums = sums
})

it('refuses checksums that redirect from HTTPS to HTTP', async () => {
  const [key, cert] = [path.join(root, 'key.pem'), path.join(root, 'cert.pem')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  const secure = createServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) =>
    response.writeHead(302, { location: server.url(request.url!.slice(1)) }).end(),
  ).listen(0, 'localhost')
  await once(secure, 'listening')
  onTestFinished(() => void secure.close())
  const url = `https://localhost:${(secure.address() as AddressInfo).port}/image.qcow2`
  const code = `
    import { downloadImage } from '@/worker/machines/drivers/qemu/images/debian/download-image'
    const target = ${JSON.stringify({ url, dir: path.join(root, 'partial'), to: destination() })}
    const signal = new AbortController().signal
    await downloadImage({ ...target, signal, onProgress() {} }).catch((error) => console.log(error.message))`
  const child = spawn(process.execPath, evalArgs(code), {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  expect(await text(child.stdout)).toContain(`redirects to ${server.url('SHA512SUMS')}`)
  expect(requestedRanges()).toEqual([])
})

it('distinguishes an unreachable server from a missing file', async () => {
  expect(await rejectionOf(runDownload({ url: 'http://127.0.0.1:9/image.qcow2' }))).toMatchObject({
    code: 'machine.image_unreachable',
  })
  const { checksums: sums } = server
  server.checksums = () => sums().replace('image.qcow2', 'gone.qcow2')
  expect(await rejectionOf(runDownload({ url: server.url('gone.qcow2') }))).toMatchObject({
    code: 'machine.image_not_there',
  })
  server.checksums = sums
})
