import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { openDb } from '@/lib/database/db'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { startApp } from '@/tests/support/app'
import type { Measurement } from './measurement'
import { withSignedInPage } from './signed-in-page'

interface Options {
  app: Awaited<ReturnType<typeof startApp>>
  url: string
  email: string
  password: string
}

/** Compressed JavaScript of the home page and of the page of a playable video, as a browser without a cache receives it. */
export const benchmarkPageWeight = (options: Options) =>
  withSignedInPage(options, async (page): Promise<Measurement[]> => {
    const videoId = await insertVideo(options)
    return [
      { name: 'JavaScript, home', value: await measureScripts(page, '/'), unit: 'kB', aim: '≤ 180' },
      {
        name: 'JavaScript, video',
        value: await measureScripts(page, `/videos/${videoId}`),
        unit: 'kB',
        aim: '≤ 300',
      },
    ]
  })

async function insertVideo({ app, email }: Options) {
  const db = openDb({ url: readDatabaseUrl(app.dataDir)! })
  try {
    const { id: ownerId } = await db.user.findUniqueOrThrow({ where: { email } })
    const rendition = { name: '360p', mode: 'encode', state: 'done', position: 0, initKey: 'a' } as const
    const segment = { index: 0, startSeconds: 0, durationSeconds: 1, sizeBytes: 1 }
    const { id } = await db.video.create({
      data: {
        ownerId,
        title: 'A',
        filename: 'a.mp4',
        sizeBytes: 1,
        sha256: '',
        sourceKey: randomUUID(),
        hasVideo: true,
        renditions: { create: { ...rendition, codecs: 'avc1.64001e', segments: { create: segment } } },
      },
    })
    return id
  } finally {
    await db.$disconnect()
  }
}

async function measureScripts(page: Page, path: string) {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await page.goto(path, { waitUntil: 'networkidle' })
  await session.detach()
  return bytes / 1_000
}
