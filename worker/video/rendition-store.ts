import { createHash } from 'node:crypto'
import type { Db } from '@/lib/database/db'
import { touch } from '@/lib/database/touch'
import type { Prisma, Rendition, Video } from '@/lib/generated/prisma/client'
import { currentKeys } from '@/lib/storage/keys'
import type { EncodingPayload } from '@/lib/videos/encoded-by'
import { toBitrate } from '@/lib/videos/segment-totals'
import type { TaskRun } from '../runtime/handler'
import { readCodec } from './ffmpeg/codec-string'
import type { EncodedSegment, LadderOptions } from './ffmpeg/ladder-options'
import { restartEncodes } from './restart-encodes'

type StoredRendition = Rendition & { segments: { index: number }[] }

interface Options {
  run: Pick<TaskRun<EncodingPayload>, 'taskId' | 'payload' | 'write' | 'context' | 'signal'>
  video: Video
  renditions: StoredRendition[]
  durationSeconds: number
}

/** Loads renditions by name with the indexes of their stored segments, of all by default. */
export const loadRenditions = (
  db: Db,
  {
    videoId,
    names,
    segmentIndexes,
  }: { videoId: string; names: string[]; segmentIndexes?: Prisma.IntFilter<'Segment'> },
): Promise<StoredRendition[]> =>
  db.rendition.findMany({
    where: { videoId, name: { in: names } },
    include: { segments: { where: { index: segmentIndexes }, select: { index: true } } },
  })

/** The callbacks of ffmpeg runs that store renditions: files first, then the rows that refer to them. */
export function createRenditionStore({
  run,
  video,
  renditions,
  durationSeconds,
}: Options): Pick<LadderOptions, 'isStored' | 'onInit' | 'onSegment'> {
  const { storage, db } = run.context
  const { signal } = run
  const keys = currentKeys(video)
  const byName = new Map(renditions.map((rendition) => [rendition.name, rendition]))
  const stored = new Set(
    renditions.flatMap(({ name, segments }) => segments.map(({ index }) => `${name}/${index}`)),
  )

  return {
    isStored: (name, index) => stored.has(`${name}/${index}`),

    async onInit(name: string, init: Buffer) {
      const { id } = byName.get(name)!
      const initSha256 = createHash('sha256').update(init).digest('hex')
      const isUnchanged = { OR: [{ initSha256 }, { initSha256: null }] }
      const row = await db.rendition.findUnique({ where: { id }, select: { initSha256: true, state: true } })
      if (row?.initSha256 === initSha256 && row.state !== 'queued') return
      const initKey = keys.init(name)
      if (!row?.initSha256) await storage.put(initKey, init, { signal })
      const { count } = await run.write((tx) =>
        tx.rendition.updateMany({
          where: { id, ...isUnchanged },
          data: { initKey, initSha256, codecs: readCodec(init), state: 'in_progress' },
        }),
      )
      // The stored segments were written by another version of ffmpeg and do not match this init segment.
      if (count === 0) await restartEncodes(run, run.payload)
    },

    async onSegment(name: string, { data, ...segment }: EncodedSegment) {
      const { id } = byName.get(name)!
      const { durationSeconds: seconds } = segment
      const bitsPerSecond = toBitrate({ sizeBytes: data.length, durationSeconds: seconds })
      await storage.put(keys.segment(name, segment.index), data, { signal })
      await run.write(async (tx) => {
        const { count } = await tx.segment.createMany({
          data: { ...segment, renditionId: id, sizeBytes: data.length },
          skipDuplicates: true,
        })
        if (count === 0) return
        await tx.$executeRaw`
          UPDATE rendition SET "segmentBytes" = "segmentBytes" + ${data.length},
            "segmentSeconds" = "segmentSeconds" + ${seconds}::float,
            "peakBitsPerSecond" = greatest("peakBitsPerSecond", ${bitsPerSecond}::float),
            progress = least(1, progress + ${seconds / durationSeconds}::float)
          WHERE id = ${id}::uuid`
        // The first segment makes a rendition playable, so clients must reload the video.
        if (segment.index === 0) await touch(tx, 'video', { id: video.id })
      })
    },
  }
}
