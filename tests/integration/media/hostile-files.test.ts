import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { hostileFiles } from '@/tests/support/hostile-media'
import { generateMedia } from '@/tests/support/generate-media'
import { useMediaWorker } from '@/tests/support/media-worker'
import { findTaskFaults } from '@/tests/support/mutated-media/find-task-faults'

const kinds = Object.entries(hostileFiles(''))
const titlesOf = (isSlow: boolean) =>
  kinds.flatMap(([title, file]) => ((file.isSlow ?? false) === isSlow ? [title] : []))

const database = useDatabase()
const worker = useMediaWorker(database)
let server: Server
let requests = 0
beforeAll(async () => {
  server = createServer((_, response) => response.end(String(requests++)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

/** Processes a file, and checks that it leaves nothing behind. Returns the ended tasks. */
async function processFile(bytes: Uint8Array, filename: string) {
  const videoId = await worker.upload(bytes, filename)
  try {
    return { tasks: await worker.awaitTasks(videoId), texts: worker.readResults(videoId) }
  } finally {
    await worker.deleteVideo(videoId)
    expect(worker.isAlive()).toBe(true)
    await worker.expectNothingLeft()
  }
}

async function expectRefusalOrResult(kind: string) {
  const { filename, create, code, message } = hostileFiles(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  )[kind]!
  const { tasks, texts } = await processFile(await create(), filename)
  expect(findTaskFaults(tasks)).toEqual([])
  const error = tasks[0]!.error as { code: string; message: string } | null
  expect(error?.code ?? null).toBe(code)
  if (message) expect(error!.message).toBe(message)
  if (!code) expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => 'done'))
  // Nothing of what a file contains besides pictures and sound is published.
  for (const text of texts) expect(text).not.toMatch(/<script|root:x:0/)
  expect(requests).toBe(0)
}

describe('a worker survives', () => {
  it.each(titlesOf(false))('%s', expectRefusalOrResult)
  it.each(titlesOf(true))('%s', { tags: 'full' }, expectRefusalOrResult)

  it.each([
    ['an option of ffmpeg', '-i.mp4'],
    ['a path to another folder', '../../../etc/cron.d/x.mp4'],
    ['a protocol of ffmpeg', 'concat:a|b.mp4'],
    ['a pattern of ffmpeg', '%03d.mp4'],
    ['commands and control characters', '\n"$(id)`id`;\u202e.mp4'],
    ['thousands of letters', `${'x'.repeat(5_000)}.mp4`],
  ])('a file name with %s', { tags: 'full' }, async (_, filename) => {
    const { tasks } = await processFile(readFileSync(await generateMedia('silent.mp4')), filename)
    expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => 'done'))
  })
})
