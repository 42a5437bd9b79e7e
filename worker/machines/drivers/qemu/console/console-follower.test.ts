import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ConsoleFollower } from './console-follower'
import { readRecording } from './recording'

let folder: string
let log: string
const followers: ConsoleFollower[] = []

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'console-'))
  log = path.join(folder, 'console.log')
  await writeFile(log, '')
})
afterEach(async () => {
  for (const follower of followers.splice(0)) follower.end()
  await rm(folder, { recursive: true, force: true })
})

async function follow() {
  const follower = new ConsoleFollower(folder)
  followers.push(follower)
  await follower.start()
  let output = ''
  follower.attachViewer(() => undefined).onData((bytes) => void (output += bytes.toString()))
  return { follower, output: () => output }
}
const readAll = async () => Buffer.concat((await readRecording(folder)).map(({ bytes }) => bytes)).toString()

it('passes new output to viewers and records it with its time', async () => {
  const { output } = await follow()
  const before = Date.now()
  await appendFile(log, 'hello ')
  await vi.waitFor(() => expect(output()).toBe('hello '))
  await appendFile(log, 'world')
  await vi.waitFor(() => expect(output()).toBe('hello world'))
  const recording = await readRecording(folder)
  expect(recording.map(({ bytes }) => bytes.toString())).toEqual(['hello ', 'world'])
  for (const { at } of recording) expect(at.getTime()).toBeGreaterThanOrEqual(before)
})

it('records output from between two followers exactly once', async () => {
  const first = await follow()
  await appendFile(log, 'one ')
  await vi.waitFor(() => expect(first.output()).toBe('one '))
  first.follower.end()
  await appendFile(log, 'two ')
  expect(await readAll()).toBe('one two ')
  const second = await follow()
  await appendFile(log, 'three')
  await vi.waitFor(() => expect(second.output()).toBe('three'))
  expect(await readAll()).toBe('one two three')
})

it('limits the recording to the newest 4 MB, on disk too', async () => {
  const { output } = await follow()
  const line = `${'x'.repeat(1023)}\n`
  for (let megabyte = 0; megabyte < 11; megabyte++) {
    const before = output().length
    await appendFile(log, line.repeat(1024))
    await vi.waitFor(() => expect(output().length - before).toBe(1024 ** 2), { timeout: 5_000, interval: 5 })
  }
  await appendFile(log, 'the end')
  await vi.waitFor(() => expect(output().endsWith('the end')).toBe(true))
  const recorded = await readAll()
  expect(recorded.endsWith('the end')).toBe(true)
  expect(recorded.length).toBeLessThanOrEqual(4 * 1024 ** 2)
  expect(recorded.length).toBeGreaterThan(3 * 1024 ** 2)
  const sizes = await Promise.all([log, `${log}.old`].map(async (file) => (await stat(file)).size))
  for (const size of sizes) expect(size).toBeLessThanOrEqual(6 * 1024 ** 2)
})

it('reads only the end of a log that grew without bounds while not followed', async () => {
  const first = await follow()
  await appendFile(log, 'the beginning')
  await vi.waitFor(() => expect(first.output()).toBe('the beginning'))
  first.follower.end()
  await truncate(log, 3 * 1024 ** 3)
  await appendFile(log, 'the end')
  const { arrayBuffers } = process.memoryUsage()
  const expectTail = async () => {
    const recorded = await readAll()
    expect(recorded.endsWith('\0the end')).toBe(true)
    expect(recorded.length).toBeGreaterThan(3 * 1024 ** 2)
    expect(recorded.length).toBeLessThanOrEqual(4 * 1024 ** 2)
  }
  await expectTail()
  const second = await follow()
  await expectTail()
  expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(64 * 1024 ** 2)
  for (const file of [log, `${log}.old`]) expect((await stat(file)).size).toBeLessThanOrEqual(4 * 1024 ** 2)
  await appendFile(log, ', and more')
  await vi.waitFor(() => expect(second.output()).toBe(', and more'))
  expect((await readAll()).endsWith('\0the end, and more')).toBe(true)
})

it('drops input while the guest does not read and passes it on when it does again', async () => {
  const server = createServer({ pauseOnConnect: true }).listen(path.join(folder, 'console.sock'))
  const isConnected = once(server, 'connection') as Promise<[Socket]>
  const { follower } = await follow()
  const console = follower.attachViewer(() => undefined)
  const chunk = Buffer.alloc(64 * 1024, 'x')
  for (let n = 0; n < 160; n++) console.write(chunk)
  const [guest] = await isConnected
  let received = ''
  guest.on('data', (bytes: Buffer) => (received += bytes.toString())).resume()
  await vi.waitFor(() => {
    console.write(Buffer.from('\n'))
    expect(received.endsWith('\n')).toBe(true)
  })
  expect(received.length).toBeGreaterThan(1024 ** 2)
  expect(received.length).toBeLessThan(3 * 1024 ** 2)
  guest.destroy()
  server.close()
})

const countTimes = async () => (await readFile(`${log}.times`, 'utf8')).split('\n').length - 1

it('records few times for a guest that prints single newlines without end', async () => {
  const { output } = await follow()
  const startedAt = performance.now()
  // Each is read before the next is written.
  for (let n = 1; n <= 200; n++) {
    await appendFile(log, '\n')
    await vi.waitFor(() => expect(output()).toHaveLength(n), { timeout: 5_000, interval: 1 })
  }
  expect(await readAll()).toHaveLength(200)
  expect(await countTimes()).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 100)
})

it('limits the number of times of output that arrives over days', async () => {
  await writeFile(log, '.'.repeat(10_000))
  await writeFile(
    `${log}.times`,
    Array.from({ length: 10_000 }, (_, n) => `${n + 1} ${n * 1_000}\n`).join(''),
  )
  const { output } = await follow()
  await appendFile(log, 'more')
  await vi.waitFor(() => expect(output()).toBe('more'))
  await vi.waitFor(async () => expect(await countTimes()).toBe(5_001))
  expect(await readAll()).toHaveLength(10_004)
})

it('writes through no link that an emulator of an earlier version left', async () => {
  const secret = path.join(folder, 'secret')
  await writeFile(secret, 'secret')
  for (const name of ['.times', '.old', '.old.times']) await symlink(secret, log + name)
  const { follower } = await follow()
  await appendFile(log, 'x'.repeat(5 * 1024 ** 2))
  await vi.waitFor(async () => expect((await stat(log)).size).toBe(0))
  expect((await readAll()).includes('secret')).toBe(false)
  expect(await readFile(secret, 'utf8')).toBe('secret')
  follower.end()
})
