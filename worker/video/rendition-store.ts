import { createHash } from 'node:crypto'
import { RetryLater } from '@/lib/errors'
import type { Rendition, Video } from '@/lib/generated/prisma/client'
import { videoKeys } from '@/lib/storage/keys'
import type { TaskRun } from '../runtime/handler'
import type { EncodeLadderOptions, EncodedSegment } from './ffmpeg/ladder-options'
import { readCodec } from './ffmpeg/fragment-reader'
import type { createTranscodeProgress } from './transcode-progress'
import { touch } from '@/lib/database/touch'

interface Options {
  run: Pick<TaskRun<unknown>, 'write' | 'context' | 'signal'>
  video: Video
  renditions: Rendition[]
  progress: ReturnType<typeof createTranscodeProgress>
}

/** The callbacks of `encodeLadder` that store renditions: files first, then the rows that refer to them. */
export function createRenditionStore({
  run,
  video,
  renditions,
  progress,
}: Options): Pick<EncodeLadderOptions, 'onInit' | 'onSegment' | 'onRenditionDone'> {
  const { storage } = run.context
  const { signal } = run
  const keys = videoKeys(video.id)
  const byName = new Map(renditions.map((rendition) => [rendition.name, rendition]))

  return {
    async onInit(name: string, init: Buffer) {
      const { id, state, initSha256: storedSha256 } = byName.get(name)!
      const initSha256 = createHash('sha256').update(init).digest('hex')
      if (storedSha256 === initSha256 && state !== 'queued') return
      if (storedSha256 && storedSha256 !== initSha256) {
        // The stored segments were written by another version of ffmpeg and do not match this init segment.
        await run.write(async (tx) => {
          await tx.segment.deleteMany({ where: { renditionId: id } })
          await tx.rendition.update({ where: { id }, data: { initSha256: null, segmentBytes: 0 } })
        })
        throw new RetryLater(0, 'the encoder changed')
      }
      const initKey = keys.init(name)
      await storage.put(initKey, init, { signal })
      await run.write((tx) =>
        tx.rendition.update({
          where: { id },
          data: { initKey, initSha256, codecs: readCodec(init), state: 'in_progress' },
        }),
      )
    },

    async onSegment(name: string, { data, ...segment }: EncodedSegment) {
      const { id } = byName.get(name)!
      await storage.put(keys.segment(name, segment.index), data, { signal })
      const share = progress.addSegment(name, segment.startSeconds + segment.durationSeconds)
      await run.write(async (tx) => {
        const { count } = await tx.segment.createMany({
          data: { ...segment, renditionId: id, sizeBytes: data.length },
          skipDuplicates: true,
        })
        const segmentBytes = { increment: count * data.length }
        await tx.rendition.update({ where: { id }, data: { progress: share, segmentBytes } })
        // The first segment makes a rendition playable, so clients must reload the video.
        if (segment.index === 0) await touch(tx, 'video', { id: video.id })
      })
    },

    async onRenditionDone(name: string) {
      const { id } = byName.get(name)!
      progress.finishRendition(name)
      await run.write(async (tx) => {
        await tx.rendition.update({ where: { id }, data: { state: 'done', progress: 1 } })
        await touch(tx, 'video', { id: video.id })
      })
    },
  }
}
