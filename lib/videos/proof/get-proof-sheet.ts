import { z } from 'zod'
import * as changeMessages from '@/lib/generated/messages/video-changes'
import * as messages from '@/lib/generated/messages/video-errors'
import type { Db } from '../../database/db'
import { AppError, notFound } from '../../errors'
import type { Rendition } from '../../generated/prisma/client'
import { planLadder } from '../ladder'
import { mediaInfoSchema } from '../media-info'
import { describeChanges } from './describe-changes'
import { describeTracks } from './describe-tracks'
import { type ProofSheet, type RenditionCheck, renditionCheckSchema } from './schema'

interface SegmentSummary {
  renditionId: string
  segments: number
  longestSegmentSeconds: number
  endSeconds: number
}

/** @throws {AppError} video.not_found, video.not_inspected */
export async function getProofSheet(db: Db, where: { id: string; ownerId: string }): Promise<ProofSheet> {
  const video = await db.video.findFirst({ where, include: { renditions: { orderBy: { position: 'asc' } } } })
  if (!video) throw notFound('video')
  if (!video.mediaInfo || video.sha256 === null) throw notInspected()
  const info = mediaInfoSchema.parse(video.mediaInfo)
  // Rows of segments number tens of thousands.
  const summaries = await db.$queryRaw<SegmentSummary[]>`
    SELECT "renditionId", count(*)::int AS segments, max("durationSeconds") AS "longestSegmentSeconds",
      max("startSeconds" + "durationSeconds") AS "endSeconds"
    FROM segment WHERE "renditionId" IN (SELECT id FROM rendition WHERE "videoId" = ${video.id}::uuid)
    GROUP BY "renditionId"`
  const checks = z.array(renditionCheckSchema).nullable().parse(video.proof)
  return {
    videoId: video.id,
    title: video.title,
    source: {
      filename: video.filename,
      sizeBytes: Number(video.sizeBytes),
      sha256: video.sha256,
      container: info.sourceDemuxer ?? info.demuxer,
      durationSeconds: info.durationSeconds,
      statedSeconds: info.statedSeconds ?? info.durationSeconds,
      tracks: describeTracks(info),
    },
    changes: describeChanges(info, planLadder(info)),
    renditions: video.renditions.map((rendition) =>
      describeRendition(rendition, {
        summary: summaries.find(({ renditionId }) => renditionId === rendition.id),
        check: checks?.find(({ name }) => name === rendition.name),
      }),
    ),
    // Those in extra codecs are checked in a task of their own.
    isChecked: video.renditions.some(
      ({ name, extraCodec }) => !extraCodec && checks?.some((check) => check.name === name),
    ),
  }
}

const notInspected = () =>
  new AppError({
    code: 'video.not_inspected',
    message: messages.notInspected(),
    status: 404,
  })

const KEYFRAME_GRIDS = {
  encode: () => '0, 1, 2, 4, 8, 12 s …',
  copy: changeMessages.keyframesOfFile,
  audio: () => null,
}

const describeRendition = (
  { name, mode, state, codecs, segmentBytes, initSha256 }: Rendition,
  { summary, check }: { summary: SegmentSummary | undefined; check: RenditionCheck | undefined },
): ProofSheet['renditions'][number] => ({
  name,
  mode,
  state,
  codecs,
  sizeBytes: Number(segmentBytes),
  segments: summary?.segments ?? 0,
  longestSegmentSeconds: summary?.longestSegmentSeconds ?? 0,
  endSeconds: summary?.endSeconds ?? 0,
  keyframeGrid: KEYFRAME_GRIDS[mode](),
  initSha256,
  similarity: check?.similarity ?? [],
  soundDelays: check?.soundDelays ?? [],
  problems: check?.problems ?? [],
})
