import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Rung } from '@/lib/videos/ladder'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { collectSegments } from '../ffmpeg/collect-segments'
import { encodeArgs, parameterSetArgs } from '../ffmpeg/encode-args'
import { readProgress } from '../ffmpeg/ffmpeg-progress'
import { fragmentArgs } from '../ffmpeg/fragment-args'
import type { LadderOptions } from '../ffmpeg/ladder-options'
import { planSeek } from '../ffmpeg/seek-plan'

/** A rendition as a piece of it is encoded. */
export interface EncodedPiece {
  init: Buffer
  /** Its segments, in order, on the timeline of the source. */
  files: string[]
}

interface PieceOptions extends Omit<LadderOptions, 'ladder' | 'isStored' | 'onInit' | 'onSegment'> {
  piece: { startSeconds: number; endSeconds: number }
  /** Receives the segments, whose names begin with `side`. */
  dir: string
  side: 'head' | 'tail'
  /** Of the decoder. */
  threads: number
  niceness: number
  /** Called with the seconds of the piece that are encoded. */
  onEncoded(seconds: number): void
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
    '-force_key_frames',
    `expr:gte(t,${piece.startSeconds}+n_forced*${KEY_FRAME_SECONDS})`,
    '-profile:v',
    profile,
    ...parameterSetArgs(parameterSetId),
    '-video_track_timescale',
    String(timescale),
    ...fragmentArgs({ pipe: 3, flags: 'frag_keyframe+empty_moov' }),
  ]
  return collect(options, { rungs: [rung], args })
}

/** Of pieces that are longer than a segment. */
const KEY_FRAME_SECONDS = 4
/** Nearly as good as the source, for some seconds. */
const COPY_ENCODER = '-c:v libx264 -preset veryfast -crf 17 -threads 4 -g 9999 -sc_threshold 0'.split(' ')

async function collect(options: PieceOptions, { rungs, args }: { rungs: Rung[]; args: string[] }) {
  const pieces = new Map<string, EncodedPiece>()
  const { startSeconds, endSeconds } = options.piece
  // ffmpeg states the time in the video.
  const limit = (seconds: number) => Math.max(0, Math.min(seconds, endSeconds) - startSeconds)
  await collectSegments(
    {
      ...options,
      ladder: { source: null, encodes: rungs, audio: [] },
      isStored: () => false,
      onInit: async (name, init) => void pieces.set(name, { init: Buffer.from(init), files: [] }),
      async onSegment(name, { index, data }) {
        const file = path.join(options.dir, `${options.side}-${name}-${index}.m4s`)
        await writeFile(file, data)
        pieces.get(name)!.files.push(file)
      },
    },
    {
      args,
      names: rungs.map(({ name }) => name),
      // A piece at the end may be empty: containers state inexact durations.
      firstIndex: 1,
      readStdout: (stdout) => readProgress(stdout, (seconds) => options.onEncoded(limit(seconds))),
    },
  )
  return pieces
}
