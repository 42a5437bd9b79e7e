import { randomUUID } from 'node:crypto'
import { openDb } from '@/lib/database/db'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { startApp } from '@/tests/support/app'
import { loadPlayer, MAX_SCRIPTS_KB, measureScripts } from '@/tests/support/measure-scripts'
import type { Measurement } from './measurement'
import { withSignedInPage } from './signed-in-page'

interface Options {
  app: Awaited<ReturnType<typeof startApp>>
  url: string
  email: string
  password: string
}

/**
 * Compressed JavaScript of the home page and of the page of a playable video, before and after its player is loaded, as a
 * browser without a cache receives it.
 */
export const benchmarkPageWeight = (options: Options) =>
  withSignedInPage(options, async (page): Promise<Measurement[]> => {
    const videoId = await insertVideo(options)
    return [
      {
        name: 'JavaScript, home',
        value: await measureScripts(page, '/'),
        unit: 'kB',
        aim: `≤ ${MAX_SCRIPTS_KB.home}`,
      },
      {
        name: 'JavaScript, video without its player',
        value: await measureScripts(page, `/videos/${videoId}`),
        unit: 'kB',
      },
      {
        name: 'JavaScript, video',
        value: await measureScripts(page, `/videos/${videoId}`, () => loadPlayer(page)),
        unit: 'kB',
        aim: `≤ ${MAX_SCRIPTS_KB.video}`,
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
