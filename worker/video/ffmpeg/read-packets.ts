import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { runSandboxed, type SandboxedProcess } from '@/worker/process/sandbox'
import { reportArgs } from './demuxer-reports'
import { waitForProbe } from './ffprobe'
import { FramecrcParser } from './framecrc-parser'

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

interface ScanOptions {
  path: string
  demuxer: string
  /** Which streams, as ffmpeg's option `-map` specifies them: "0:1", "0:a?". */
  maps: string[]
  signal: AbortSignal
  memoryBytes: number
}

/** A program that reads a whole file and lists its packets. It waits while they are not read. */
export interface PacketScan {
  target: ScanOptions
  run: SandboxedProcess
  output: Readable
}

/** Flags of a packet (libavcodec/packet.h). */
const KEY = 1
const DISCARD = 4
/**
 * Without fast bins of the C library, which ffmpeg fills and consolidates for every packet of sound: a third of the CPU time
 * of listing them.
 */
const MALLOC_ENV = { GLIBC_TUNABLES: 'glibc.malloc.mxfast=0' }
/** The checksum of zeros, which is an Adler-32 that begins with 0. */
const ZERO_CHECKSUM = 0
/** Opus and others have packets of a single byte, which may be zero. */
const MIN_ZERO_BYTES = 16

/**
 * Begins to list the packets of some streams, from the first key frame on: what headers state of times is a hint only.
 * `framecrc` lists packets three times as fast as ffprobe.
 */
export function startScan(target: ScanOptions): PacketScan {
  const { demuxer, maps, ...options } = target
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    inputPath: options.path,
    wallClockMs: 60 * 60_000,
    env: MALLOC_ENV,
    args: [
      ...quietArgs,
      ...reportArgs,
      ...inputArgs(demuxer),
      ...maps.flatMap((map) => ['-map', map]),
      '-c',
      'copy',
      '-f',
      'framecrc',
      '-flush_packets',
      '0',
      'pipe:1',
    ],
  })
  // Node.js discards output that is not being read when a program exits.
  const output = new PassThrough()
  // What ends one of them early is reported when the packets are read, if they are.
  pipeline(run.stdout, output).catch(() => undefined)
  run.exited.catch(() => undefined)
  return { target, run, output }
}

/**
 * Calls `onPacket` for each packet of a scan whose output has the streams `streamIndexes`, in order. Returns what ffmpeg
 * reports of the file.
 * @throws {PermanentError} video.unreadable
 */
export async function readPackets(
  { target, run, output }: PacketScan,
  { streamIndexes, onPacket }: { streamIndexes: number[]; onPacket(packet: Packet): void },
) {
  const parser = new FramecrcParser(({ stream, pts, duration, sizeBytes, checksum, flags, timeBase }) =>
    onPacket({
      streamIndex: streamIndexes[stream] ?? -1,
      seconds: pts * timeBase,
      durationSeconds: duration * timeBase || 0,
      isKeyframe: (flags & KEY) !== 0,
      isDiscarded: (flags & DISCARD) !== 0,
      isZero: checksum === ZERO_CHECKSUM && sizeBytes >= MIN_ZERO_BYTES,
    }),
  )
  const reading = (async () => {
    for await (const chunk of output as AsyncIterable<Buffer>) parser.push(chunk)
  })()
  await Promise.all([waitForProbe(run.exited, target), reading])
  return run.stderr
}
