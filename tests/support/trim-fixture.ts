import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { currentKeys } from '@/lib/storage/keys'
import { renderPlaylist } from '@/lib/videos/render-playlist'
import { trimVideoTask, verifyVideoTask } from '@/lib/videos/tasks'
import { requestTrim } from '@/lib/videos/trim/request-trim'
import { useCaptionFixture } from './caption-fixture'
import type { useDatabase } from './database'
import { generateCounter } from './frame-counter'
import { runVideoTasks, uploadWithoutCaptions } from './run-video-tasks'

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
    async createVideo(options: { seconds?: number; isWebSafe?: boolean; isOpenGop?: boolean } = {}) {
      const { seconds = 30, isWebSafe = true, isOpenGop } = options
      const name = [isOpenGop ? 'open' : 'counter', isWebSafe ? 'mp4' : 'mkv'].join('.')
      const file = path.join(captions.dir, name)
      await generateCounter(file, { seconds, width: 640, height: 480, hasClicks: true, isWebSafe, isOpenGop })
      return fixture.upload(file)
    },
    /** Uploads a file, and runs all of its tasks. */
    async upload(file: string) {
      const id = await uploadWithoutCaptions(database, captions, file)
      await runVideoTasks(captions)
      return id
    },
    request: (id: string, startSeconds: number, endSeconds: number) =>
      requestTrim(fixture.deps(), { ...target(id), startSeconds, endSeconds }),
    run: () => captions.runNextJob(trimVideoTask.name),
    /** Runs the check of a video. Returns the renditions that it withdraws. */
    async check(id: string) {
      await captions.runNextJob(verifyVideoTask.name)
      const { state, result } = await captions.findTask(id, verifyVideoTask.name)
      return state === 'done' ? (result as { failed: string[] }).failed : state
    },
    /** Has postponed tasks run again. */
    skipPauses: () =>
      database.db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state < 'active'`,
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
