import { createHash } from 'node:crypto'
import { RetryLater } from '@/lib/errors'
import { planLadder } from '@/lib/videos/ladder'
import { transcodeVideoTask } from '@/lib/videos/tasks'
import type { TaskHandler } from '../runtime/handler'
import { readCodec } from './ffmpeg/fragment-reader'
import { encodeLadder, type EncodedSegment } from './ffmpeg/encode-ladder'
import { videoPrefix, loadInspectedVideo, removeFilesIfDeleted } from './load-video'
import { createTranscodeProgress } from './transcode-progress'

/** Makes the renditions, segment by segment; what an earlier run stored is kept and gone on from. */
export const transcodeVideo: TaskHandler<typeof transcodeVideoTask> = {
  kind: transcodeVideoTask,
  async run(run) {
    const { video, sourcePath, info } = await loadInspectedVideo(run)
    const { db, storage, config } = run.context
    const renditions = await db.rendition.findMany({
      where: { videoId: video.id },
      include: { segments: { orderBy: { index: 'desc' }, take: 1 } },
      orderBy: { position: 'asc' },
    })
    const byName = new Map(renditions.map((rendition) => [rendition.name, rendition]))
    const idOf = (name: string) => byName.get(name)!.id
    const progress = createTranscodeProgress({ run, renditions, durationSeconds: info.durationSeconds })

    const onInit = async (name: string, init: Buffer) => {
      const rendition = byName.get(name)!
      const initSha256 = createHash('sha256').update(init).digest('hex')
      if (rendition.initSha256 === initSha256) return
      if (rendition.initSha256) {
        // Made by another ffmpeg: its segments do not fit behind this one. This rendition starts anew.
        await run.write(async (tx) => {
          await tx.segment.deleteMany({ where: { renditionId: rendition.id } })
          await tx.rendition.update({ where: { id: rendition.id }, data: { initSha256: null } })
        })
        throw new RetryLater(0, 'the encoder changed')
      }
      const initKey = `${videoPrefix(video.id)}/hls/${name}/init.mp4`
      await storage.put(initKey, init)
      await run.write((tx) =>
        tx.rendition.update({
          where: { id: rendition.id },
          data: { initKey, initSha256, codecs: readCodec(init), state: 'in_progress' },
        }),
      )
    }

    const onSegment = async (name: string, { data, ...segment }: EncodedSegment) => {
      await storage.put(`${videoPrefix(video.id)}/hls/${name}/${segment.index}.m4s`, data)
      const done = progress.segment(name, segment.startSeconds + segment.durationSeconds)
      await run.write(async (tx) => {
        await tx.segment.createMany({
          data: { ...segment, renditionId: idOf(name), sizeBytes: data.length },
          skipDuplicates: true,
        })
        await tx.rendition.update({ where: { id: idOf(name) }, data: { progress: done } })
        // Its first segment makes a rendition playable: whoever watches the video reads it again.
        if (segment.index === 0) await tx.video.update({ where: { id: video.id }, data: { version: 0 } })
      })
    }

    const onEnd = async (name: string) => {
      progress.end(name)
      await run.write(async (tx) => {
        await tx.rendition.update({ where: { id: idOf(name) }, data: { state: 'done', progress: 1 } })
        await tx.video.update({ where: { id: video.id }, data: { version: 0 } })
      })
    }

    const stored = new Map(
      renditions.map((rendition) => {
        const last = rendition.segments[0]
        return [
          rendition.name,
          {
            segments: last ? last.index + 1 : 0,
            endSeconds: last ? last.startSeconds + last.durationSeconds : 0,
            isDone: rendition.state === 'done',
          },
        ]
      }),
    )
    if ([...stored.values()].some((rendition) => rendition.segments > 0))
      run.log.info({ stored: Object.fromEntries(stored) }, 'going on from what is stored')
    const { endSeconds } = await encodeLadder({
      sourcePath,
      info,
      ladder: planLadder(info),
      stored,
      signal: run.signal,
      threads: config.MEDIA_THREADS,
      memoryBytes: config.MEDIA_MEMORY_BYTES,
      wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
      onInit,
      onSegment,
      onRenditionDone: onEnd,
      onProgress: progress.encoder,
    })
    const missingSeconds = findMissingSeconds({ endSeconds, durationSeconds: info.durationSeconds })
    if (missingSeconds) run.log.warn({ endSeconds, missingSeconds }, 'the file ends early')
    return {
      result: { renditions: renditions.map((rendition) => rendition.name), missingSeconds },
      store: async (tx) => {
        const data = missingSeconds ? { version: 0, durationSeconds: endSeconds } : { version: 0 }
        await tx.video.update({ where: { id: video.id }, data })
      },
    }
  },

  async discard({ payload, context }) {
    if (await removeFilesIfDeleted({ payload, context })) return
    await context.db.$transaction(async (tx) => {
      await tx.segment.deleteMany({
        where: { rendition: { videoId: payload.videoId, state: { not: 'done' } } },
      })
      const again = { state: 'queued', progress: 0, initSha256: null, initKey: null } as const
      await tx.rendition.updateMany({
        where: { videoId: payload.videoId, state: { not: 'done' } },
        data: again,
      })
    })
    const kept = await context.db.rendition.findMany({ where: { videoId: payload.videoId } })
    for (const { name, state } of kept) {
      if (state !== 'done') await context.storage.removeAll(`${videoPrefix(payload.videoId)}/hls/${name}`)
    }
  },
}

/** Containers round their durations, and a track may end a little before another. */
function findMissingSeconds({
  endSeconds,
  durationSeconds,
}: {
  endSeconds: number
  durationSeconds: number
}) {
  const missingSeconds = durationSeconds - endSeconds
  return missingSeconds > Math.max(0.25, Math.min(2, durationSeconds * 0.02)) ? missingSeconds : null
}
