import type { Rung } from '@/lib/videos/ladder'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { collectSegments } from '../ffmpeg/collect-segments'
import { encodeArgs, parameterSetArgs } from '../ffmpeg/encode-args'
import { fragmentArgs } from '../ffmpeg/fragment-args'
import type { EncodedSegment, LadderOptions } from '../ffmpeg/ladder-options'
import { planSeek } from '../ffmpeg/seek-plan'

/** A rendition as a piece of it is encoded. */
export interface EncodedPiece {
  init: Buffer
  /** On the timeline of the source. */
  segments: EncodedSegment[]
}

interface PieceOptions extends Omit<LadderOptions, 'ladder' | 'isStored' | 'onInit' | 'onSegment'> {
  piece: { startSeconds: number; endSeconds: number }
  /** Of the decoder. */
  threads: number
  niceness: number
}

/** Encodes a piece in rungs of one codec, as chunks of the ladder are. With an id, H.264 has that of parameter sets. */
export function encodePiece(options: PieceOptions & { rungs: Rung[]; parameterSetId?: number }) {
  const { info, piece, rungs, threads, parameterSetId } = options
  const ladder = { source: null, encodes: rungs, audio: [] }
  const args = encodeArgs({ info, ladder, chunk: piece, threads, parameterSetId })
  return collect(options, { rungs, args })
}

interface CopiedRung {
  rung: Rung
  parameterSetId: number
  profile: string
  /** Of the copy, whose init segment describes the piece too. */
  timescale: number
}

/** Encodes a piece of a copied rendition: the pictures of the source at their own times and size. */
export function encodeCopiedPiece(options: PieceOptions & CopiedRung) {
  const { info, piece, rung, threads, parameterSetId, profile, timescale } = options
  const { seek, shift, cut } = planSeek(piece, info, rung.frameRate)
  const args = [
    ...quietArgs,
    '-progress',
    'pipe:1',
    '-threads',
    String(threads),
    ...inputArgs(info.demuxer, seek),
    '-filter_complex',
    `[0:${info.video!.index}]${[...shift, ...cut, 'format=yuv420p'].join(',')}[out]`,
    '-map',
    '[out]',
    '-vsync',
    'passthrough',
    '-enc_time_base',
    `1:${timescale}`,
    ...COPY_ENCODER,
    '-profile:v',
    profile,
    ...parameterSetArgs(parameterSetId),
    '-video_track_timescale',
    String(timescale),
    ...fragmentArgs({ pipe: 3, flags: 'frag_keyframe+empty_moov' }),
  ]
  return collect(options, { rungs: [rung], args })
}

/** Nearly as good as the source, for some seconds. */
const COPY_ENCODER = '-c:v libx264 -preset veryfast -crf 17 -threads 4 -g 9999 -sc_threshold 0'.split(' ')

async function collect(options: PieceOptions, { rungs, args }: { rungs: Rung[]; args: string[] }) {
  const pieces = new Map<string, EncodedPiece>()
  await collectSegments(
    {
      ...options,
      ladder: { source: null, encodes: rungs, audio: [] },
      isStored: () => false,
      onInit: async (name, init) => void pieces.set(name, { init: Buffer.from(init), segments: [] }),
      onSegment: async (name, segment) => void pieces.get(name)!.segments.push(segment),
    },
    {
      args,
      names: rungs.map(({ name }) => name),
      // A piece at the end may be empty: containers state inexact durations.
      firstIndex: 1,
      readStdout: (stdout) => stdout.resume(),
    },
  )
  return pieces
}
