import type { Db, Tx } from '@/lib/database/db'
import type { RenditionMode, Video } from '@/lib/generated/prisma/client'
import { type EncodingPayload, whereEncodedBy } from '@/lib/videos/encoded-by'
import type { MediaInfo } from '@/lib/videos/media-info'
import type { RenditionCheck } from '@/lib/videos/proof/schema'
import { withSourceFile } from '../media/load-video'
import type { TaskRun } from '../runtime/handler'
import { checkRendition } from './check-rendition'

interface Options {
  run: Pick<TaskRun<EncodingPayload>, 'payload' | 'context' | 'signal' | 'log'>
  video: Video
  info: MediaInfo
  /** Called before each rendition. `share` is that of the checked ones, 0 to 1. */
  onRendition(name: string, share: number): void
}

/** Compares samples of the renditions that `run` or its parent encoded with the source of the video. */
export async function checkRenditions({ run, video, info, onRendition }: Options) {
  const { db } = run.context
  const renditions = await db.rendition.findMany({
    where: whereEncodedBy(run.payload),
    orderBy: { position: 'asc' },
  })
  const ends = await readEnds(db, video.id)
  const checks: RenditionCheck[] = []
  await withSourceFile(run, video, async (sourcePath) => {
    for (const [n, rendition] of renditions.entries()) {
      onRendition(rendition.name, n / renditions.length)
      // Of one rendition at a time: hours of video have tens of thousands.
      const segments = await db.segment.findMany({
        where: { renditionId: rendition.id },
        orderBy: { index: 'asc' },
        select: { index: true, startSeconds: true, durationSeconds: true },
      })
      const endSeconds = ends[kindOf(rendition)]
      checks.push(
        await checkRendition(run, {
          video,
          rendition: { ...rendition, segments },
          endSeconds,
          info,
          sourcePath,
        }),
      )
    }
  })
  const isEncoded = (name: string) => renditions.some((one) => one.name === name && one.mode === 'encode')
  const failed = checks
    .filter(({ name, problems }) => problems.length > 0 && isEncoded(name))
    .map(({ name }) => name)
  if (failed.length > 0) run.log.warn({ checks }, 'renditions failed their check')
  return { checks, failed }
}

/** Adds checks to the proof of a video, in place of earlier ones of the same renditions. */
export const storeChecks = (tx: Tx, { videoId, checks }: { videoId: string; checks: RenditionCheck[] }) =>
  tx.$executeRaw`
    UPDATE video SET proof = ${JSON.stringify(checks)}::jsonb || (
      SELECT coalesce(jsonb_agg(earlier), '[]') FROM jsonb_array_elements(coalesce(proof, '[]')) AS earlier
      WHERE earlier->>'name' <> ALL(${checks.map(({ name }) => name)}))
    WHERE id = ${videoId}::uuid`

const kindOf = ({ mode }: { mode: RenditionMode }) => (mode === 'audio' ? 'audio' : 'video')

/** Where the longest rendition with pictures and the longest one with sound end, in seconds. */
async function readEnds(db: Db, videoId: string) {
  const rows = await db.$queryRaw<{ isAudio: boolean; endSeconds: number }[]>`
    SELECT mode = 'audio' AS "isAudio", max("startSeconds" + "durationSeconds") AS "endSeconds"
    FROM segment JOIN rendition ON rendition.id = "renditionId"
    WHERE "videoId" = ${videoId}::uuid AND "extraCodec" IS NULL GROUP BY 1`
  const find = (isAudio: boolean) => rows.find((row) => row.isAudio === isAudio)?.endSeconds ?? 0
  return { audio: find(true), video: find(false) }
}
