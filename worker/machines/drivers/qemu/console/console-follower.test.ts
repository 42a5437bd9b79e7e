import { once } from 'node:events'
import { appendFile, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ConsoleFollower, readRecording } from './console-follower'

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
  let heard = ''
  follower.attachViewer(() => undefined).onData((bytes) => void (heard += bytes.toString()))
  return { follower, heard: () => heard }
}
const text = async () => Buffer.concat((await readRecording(folder)).map(({ bytes }) => bytes)).toString()

it('tells viewers what comes, and keeps it with the time it came', async () => {
  const { heard } = await follow()
  const before = Date.now()
  await appendFile(log, 'hello ')
  await vi.waitFor(() => expect(heard()).toBe('hello '))
  await appendFile(log, 'world')
  await vi.waitFor(() => expect(heard()).toBe('hello world'))
  const recording = await readRecording(folder)
  expect(recording.map(({ bytes }) => bytes.toString())).toEqual(['hello ', 'world'])
  for (const { at } of recording) expect(at.getTime()).toBeGreaterThanOrEqual(before)
})

it('keeps what came while nobody followed, once', async () => {
  const first = await follow()
  await appendFile(log, 'one ')
  await vi.waitFor(() => expect(first.heard()).toBe('one '))
  first.follower.end()
  await appendFile(log, 'two ')
  expect(await text()).toBe('one two ')
  const second = await follow()
  await appendFile(log, 'three')
  await vi.waitFor(() => expect(second.heard()).toBe('three'))
  expect(await text()).toBe('one two three')
})

it('drops the oldest beyond 4 MB, on the disk too', async () => {
  const { heard } = await follow()
  const line = `${'x'.repeat(1023)}\n`
  for (let megabyte = 0; megabyte < 11; megabyte++) {
    const before = heard().length
    await appendFile(log, line.repeat(1024))
    await vi.waitFor(() => expect(heard().length - before).toBe(1024 ** 2), { timeout: 5_000, interval: 5 })
  }
  await appendFile(log, 'the end')
  await vi.waitFor(() => expect(heard().endsWith('the end')).toBe(true))
  const kept = await text()
  expect(kept.endsWith('the end')).toBe(true)
  expect(kept.length).toBeLessThanOrEqual(4 * 1024 ** 2)
  expect(kept.length).toBeGreaterThan(3 * 1024 ** 2)
  const sizes = await Promise.all([log, `${log}.old`].map(async (file) => (await stat(file)).size))
  for (const size of sizes) expect(size).toBeLessThanOrEqual(6 * 1024 ** 2)
})

it('reads only the end of what grew without bounds while nobody followed', async () => {
  const first = await follow()
  await appendFile(log, 'the beginning')
  await vi.waitFor(() => expect(first.heard()).toBe('the beginning'))
  first.follower.end()
  await truncate(log, 3 * 1024 ** 3)
  await appendFile(log, 'the end')
  const { arrayBuffers } = process.memoryUsage()
  const isRead = async () => {
    const kept = await text()
    expect(kept.endsWith('\0the end')).toBe(true)
    expect(kept.length).toBeGreaterThan(3 * 1024 ** 2)
    expect(kept.length).toBeLessThanOrEqual(4 * 1024 ** 2)
  }
  await isRead()
  const second = await follow()
  await isRead()
  expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(64 * 1024 ** 2)
  for (const file of [log, `${log}.old`]) expect((await stat(file)).size).toBeLessThanOrEqual(4 * 1024 ** 2)
  await appendFile(log, ', and more')
  await vi.waitFor(() => expect(second.heard()).toBe(', and more'))
  expect((await text()).endsWith('\0the end, and more')).toBe(true)
})

it('what is typed is dropped while the guest reads nothing, and comes again when it does', async () => {
  const server = createServer({ pauseOnConnect: true }).listen(path.join(folder, 'console.sock'))
  const isConnected = once(server, 'connection') as Promise<[Socket]>
  const { follower } = await follow()
  const console = follower.attachViewer(() => undefined)
  const page = Buffer.alloc(64 * 1024, 'x')
  for (let n = 0; n < 160; n++) console.write(page)
  const [guest] = await isConnected
  let heard = ''
  guest.on('data', (bytes: Buffer) => (heard += bytes.toString())).resume()
  await vi.waitFor(() => {
    console.write(Buffer.from('\n'))
    expect(heard.endsWith('\n')).toBe(true)
  })
  expect(heard.length).toBeGreaterThan(1024 ** 2)
  expect(heard.length).toBeLessThan(3 * 1024 ** 2)
  guest.destroy()
  server.close()
})
