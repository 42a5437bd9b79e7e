import type { Video } from '@/lib/generated/prisma/client'
import { type ExtraCodec, planEncodedRung, type Rung } from '@/lib/videos/ladder'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { withSourceFile } from '../../media/load-video'
import { NICENESS } from '../../process/niceness'
import { readInitTimescale } from '../ffmpeg/fragment-reader'
import { planParameterSets } from '../ffmpeg/parameter-sets'
import { type EncodedPiece, encodeCopiedPiece, encodePiece } from './encode-piece'
import { planPieces, type TrimPlan } from './plan-pieces'
import type { TrimRun, WholeRendition } from './trim-run'

/** The ends of a rendition, each undefined if whole segments reach it. */
export interface EncodedEnds {
  head?: EncodedPiece
  tail?: EncodedPiece
}

interface Options {
  base: Video
  renditions: WholeRendition[]
  /** By name. */
  inits: ReadonlyMap<string, Buffer>
  /** Receives the pieces. */
  dir: string
  /** Called with the share that is encoded, 0 to 1. */
  onProgress(share: number): void
}

const SIDES = ['head', 'tail'] as const

/** Encodes the pieces at both ends of all renditions with pictures, from the source. Usually seconds of media. */
export async function encodeEnds(run: TrimRun, { base, renditions, inits, dir, onProgress }: Options) {
  const ends = new Map<string, EncodedEnds>()
  const planned = renditions
    .filter(({ mode }) => mode !== 'audio')
    .map((rendition) => ({
      rendition,
      plan: planPieces<WholeRendition['segments'][number]>(
        rendition.segments,
        run.payload,
        0.5 / rendition.frameRate!,
        rendition.copiedFrom,
      ),
    }))
  if (planned.every(({ plan }) => SIDES.every((side) => plan[side] === null))) return ends
  const info = mediaInfoSchema.parse(base.mediaInfo)
  const { config } = run.context
  await withSourceFile(run, base, async (sourcePath) => {
    const common = {
      sourcePath,
      info,
      signal: run.signal,
      threads: config.MEDIA_THREADS,
      memoryBytes: config.MEDIA_MEMORY_BYTES,
      wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
      niceness: NICENESS.media,
    }
    const groups = SIDES.flatMap((side) => groupByEncoding(planned, side).map((group) => ({ side, group })))
    const secondsOf = ({ side, group }: (typeof groups)[number]) => {
      const { startSeconds, endSeconds } = group[0]!.plan[side]!
      return endSeconds - startSeconds
    }
    const totalSeconds = groups.reduce((sum, one) => sum + secondsOf(one), 0)
    let doneSeconds = 0
    for (const one of groups) {
      const { side, group } = one
      const piece = group[0]!.plan[side]!
      const reporting = {
        ...common,
        dir,
        side,
        onEncoded: (seconds: number) => onProgress((doneSeconds + seconds) / totalSeconds),
      }
      const rungs = group.map(({ rendition }) => toRung(rendition))
      const ofGroup = group.map(({ rendition }) => inits.get(rendition.name)!)
      const sets = rungs[0]!.codec === null || rungs[0]!.codec === 'h264' ? planParameterSets(ofGroup) : null
      const pieces =
        rungs[0]!.mode === 'copy'
          ? await encodeCopiedPiece({
              ...reporting,
              piece,
              rung: rungs[0]!,
              parameterSetId: sets!.id,
              profile: sets!.profiles[0]!,
              timescale: readInitTimescale(ofGroup[0]!),
            })
          : await encodePiece({ ...reporting, piece, rungs, parameterSetId: sets?.id })
      for (const [name, encoded] of pieces) ends.set(name, { ...ends.get(name), [side]: encoded })
      doneSeconds += secondsOf(one)
      onProgress(doneSeconds / totalSeconds)
    }
  })
  return ends
}

interface Planned {
  rendition: WholeRendition
  plan: TrimPlan<WholeRendition['segments'][number]>
}

/** Groups renditions whose piece one ffmpeg encodes: of one codec, at the same times. */
function groupByEncoding(planned: Planned[], side: (typeof SIDES)[number]) {
  const withPiece = planned.filter(({ plan }) => plan[side] !== null)
  const groups = Map.groupBy(withPiece, ({ rendition: { mode, extraCodec }, plan }) => {
    const { startSeconds, endSeconds } = plan[side]!
    return [mode, extraCodec, startSeconds.toFixed(3), endSeconds.toFixed(3)].join(' ')
  })
  return [...groups.values()]
}

/** A rendition as it was planned. Its size is that of the row. */
function toRung({ name, mode, extraCodec, width, height, frameRate }: WholeRendition): Rung {
  const size = { width: width!, height: height! }
  const side = Math.min(size.width, size.height)
  const planned = planEncodedRung({ side, video: size, frameRate: frameRate! })
  return {
    ...planned,
    ...size,
    name,
    mode: mode === 'copy' ? 'copy' : 'encode',
    codec: mode === 'copy' ? null : ((extraCodec as ExtraCodec | null) ?? 'h264'),
  }
}
