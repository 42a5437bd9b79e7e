import { createInterface } from 'node:readline'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { runSandboxed } from '@/worker/process/sandbox'
import { reportArgs } from './demuxer-reports'
import { waitForProbe } from './ffprobe'

/** One packet. Times in seconds from the start of the file, as ffmpeg counts them. */
export interface Packet {
  streamIndex: number
  /** Of the presentation; NaN if the container states none. */
  seconds: number
  durationSeconds: number
  isKeyframe: boolean
  /** An edit list hides it. */
  isDiscarded: boolean
  /** It contains nothing but zeros. */
  isZero: boolean
}

interface ReadOptions {
  path: string
  demuxer: string
  streamIndexes: number[]
  signal: AbortSignal
  memoryBytes: number
}

/** Flags of a packet (libavcodec/packet.h). */
const KEY = 1
const DISCARD = 4
/** The checksum of zeros. */
const ZERO_CHECKSUM = '0x00000000'
/** Opus and others have packets of a single byte, which may be zero. */
const MIN_ZERO_BYTES = 16
/** How ffmpeg prints a missing time. */
const NO_TIME = '-9223372036854775808'

/**
 * Reads the whole file and calls `onPacket` for each packet of some streams, from the first key frame on: what headers
 * state of times is a hint only. `framecrc` lists packets three times as fast as ffprobe.
 * Returns what ffmpeg reports of the file.
 * @throws {PermanentError} video.unreadable
 */
export async function readPackets(options: ReadOptions, onPacket: (packet: Packet) => void) {
  const { demuxer, streamIndexes } = options
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    inputPath: options.path,
    wallClockMs: 60 * 60_000,
    args: [
      ...quietArgs,
      ...reportArgs,
      ...inputArgs(demuxer),
      ...streamIndexes.flatMap((index) => ['-map', `0:${index}`]),
      '-c',
      'copy',
      '-f',
      'framecrc',
      '-flush_packets',
      '0',
      'pipe:1',
    ],
  })
  const timeBases: number[] = []
  const reading = (async () => {
    for await (const line of createInterface({ input: run.stdout })) {
      if (line.startsWith('#')) {
        const [, n, numerator, denominator] = /^#tb (\d+): (\d+)\/(\d+)$/.exec(line) ?? []
        if (denominator) timeBases[Number(n)] = Number(numerator) / Number(denominator)
        continue
      }
      const [n, , pts, duration, size, checksum, more] = line.split(',')
      const timeBase = timeBases[Number(n)] ?? Number.NaN
      // Flags are printed only if they are not those of a key frame.
      const flags = more?.startsWith(' F=') ? Number(more.slice(3)) : KEY
      onPacket({
        streamIndex: streamIndexes[Number(n)] ?? -1,
        seconds: pts?.trim() === NO_TIME ? Number.NaN : Number(pts) * timeBase,
        durationSeconds: Number(duration) * timeBase || 0,
        isKeyframe: (flags & KEY) !== 0,
        isDiscarded: (flags & DISCARD) !== 0,
        isZero: checksum?.trim() === ZERO_CHECKSUM && Number(size) >= MIN_ZERO_BYTES,
      })
    }
  })()
  await Promise.all([waitForProbe(run.exited, options), reading])
  return run.stderr
}
