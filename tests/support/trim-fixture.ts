import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { captionVideoTask } from '@/lib/captions/tasks'
import { currentKeys } from '@/lib/storage/keys'
import { renderPlaylist } from '@/lib/videos/render-playlist'
import {
  copyStreamsTask,
  generateThumbnailsTask,
  packageVideoTask,
  transcodeChunkTask,
  transcodeStartTask,
  transcodeVideoTask,
  trimVideoTask,
  verifyVideoTask,
} from '@/lib/videos/tasks'
import { requestTrim } from '@/lib/videos/trim/request-trim'
import { useCaptionFixture } from './caption-fixture'
import type { useDatabase } from './database'
import { generateCounter } from './frame-counter'

const KINDS = [
  transcodeVideoTask,
  copyStreamsTask,
  transcodeStartTask,
  transcodeChunkTask,
  generateThumbnailsTask,
  packageVideoTask,
  verifyVideoTask,
]

/** A worker and a user whose videos show numbered frames, with a click at each second. */
export function useTrimFixture(database: ReturnType<typeof useDatabase>) {
  const captions = useCaptionFixture(database, { CAPTIONS: 'none' })
  const target = (id: string) => ({ id, ownerId: captions.ownerId })
  const fixture = {
    captions,
    target,
    deps: () => ({ db: database.db, boss: captions.boss, storage: captions.context.storage }),
    read: (id: string) => database.db.video.findUniqueOrThrow({ where: { id } }),
    findWhole: (id: string) => database.db.video.findUnique({ where: { wholeOfId: id } }),
    /** Runs everything that is queued but trims. */
    async runAll(): Promise<void> {
      let count = 0
      for (const { name } of KINDS) while (await captions.runNextJob(name)) count++
      if (count > 0) await fixture.runAll()
    },
    async createVideo(options: { seconds?: number; isWebSafe?: boolean } = {}) {
      const { seconds = 30, isWebSafe = true } = options
      const file = path.join(captions.dir, isWebSafe ? 'counter.mp4' : 'counter.mkv')
      await generateCounter(file, { seconds, width: 640, height: 480, hasClicks: true, isWebSafe })
      return fixture.upload(file)
    },
    /** Uploads a file, and runs all of its tasks. */
    async upload(file: string) {
      const id = await captions.uploadVideo(file)
      // No speech is recognized here.
      await database.db.task.deleteMany({ where: { kind: captionVideoTask.name } })
      await fixture.runAll()
      return id
    },
    request: (id: string, startSeconds: number, endSeconds: number) =>
      requestTrim(fixture.deps(), { ...target(id), startSeconds, endSeconds }),
    run: () => captions.runNextJob(trimVideoTask.name),
    async trim(id: string, startSeconds: number, endSeconds: number) {
      const taskId = await fixture.request(id, startSeconds, endSeconds)
      await fixture.run()
      return database.db.task.findUniqueOrThrow({ where: { id: taskId } })
    },
    /** Downloads a rendition as a player would. Returns the path of its playlist. */
    async downloadHls(id: string, name: string) {
      const dir = path.join(captions.dir, 'hls', id, name)
      await mkdir(dir, { recursive: true })
      const playlist = await renderPlaylist(database.db, { videoId: id, ownerId: captions.ownerId, name })
      const keys = currentKeys(await fixture.read(id))
      const file = path.join(dir, 'index.m3u8')
      await writeFile(file, playlist.replaceAll(/\?v=[0-9a-f-]+/g, ''))
      for (const [url] of playlist.matchAll(/[\w.]+\.(?:m4s|mp4)/g))
        await fixture.download(`${keys.rendition(name)}/${url}`, path.join(dir, url))
      return file
    },
    async download(key: string, file: string) {
      await pipeline(await captions.context.storage.read(key), createWriteStream(file))
      return file
    },
  }
  return fixture
}
