import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Chunk, planChunks } from '@/lib/videos/chunks'
import { type Ladder, planLadder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { copyStreams, streamNames } from '@/worker/video/ffmpeg/copy-streams'
import { encodeChunk } from '@/worker/video/ffmpeg/encode-chunk'
import type { EncodedSegment, LadderOptions } from '@/worker/video/ffmpeg/ladder-options'
import { probeMedia } from '@/worker/video/ffmpeg/probe-media'
import { probeSource } from '@/worker/video/ffmpeg/probe-source'
import { neverAborted } from './never-aborted'

export const MEMORY_BYTES = 6 * 1024 ** 3

export const probeFile = (file: string) =>
  probeMedia({ path: file, signal: neverAborted, memoryBytes: MEMORY_BYTES })

/** The stored state of a transcode: each run adds to it, and a later run resumes from it. */
export class LadderRun {
  readonly inits = new Map<string, Buffer>()
  readonly segments = new Map<string, EncodedSegment[]>()
  readonly progress: { mediaSeconds: number; speed: number | null }[] = []
  isDone = false
  /** The audio renditions that were left out; set by `run`. */
  leftOut: string[] = []
  /** What the inspection found; set by `run`. */
  info!: MediaInfo
  /** The chunks in the order in which they are encoded. Default: as planned. */
  chunks?: Chunk[]

  constructor(
    readonly sourcePath: string,
    readonly dir: string,
    private readonly plan: (info: MediaInfo) => Ladder = planLadder,
  ) {}

  /**
   * Creates all renditions, until `stopWhen` returns true for a segment.
   * Resolves to the duration of the abort in milliseconds.
   */
  async run(stopWhen?: (name: string, segment: EncodedSegment) => boolean) {
    const memoryBytes = MEMORY_BYTES
    const outputDir = await mkdtemp(path.join(this.dir, 'indexed-'))
    // The sandbox runs programs as another user.
    await chmod(outputDir, 0o777)
    const probe = { path: this.sourcePath, outputDir, signal: neverAborted, memoryBytes }
    const { info, copyPath } = await probeSource(probe)
    this.info = info
    const ladder = this.plan(info)
    const stop = new AbortController()
    let stoppedAt = 0
    const options: LadderOptions = {
      sourcePath: copyPath ?? this.sourcePath,
      info,
      ladder,
      signal: stop.signal,
      memoryBytes,
      wallClockMs: 120_000,
      isStored: (name, index) => this.segments.get(name)?.some((segment) => segment.index === index) ?? false,
      onInit: async (name, init) => {
        const earlier = this.inits.get(name)
        if (earlier && !earlier.equals(init)) throw new Error(`the init segment of ${name} changed`)
        this.inits.set(name, init)
      },
      onSegment: async (name, segment) => {
        stop.signal.throwIfAborted()
        this.segments.set(name, [...(this.segments.get(name) ?? []), segment])
        if (!stopWhen?.(name, segment)) return
        stoppedAt = Date.now()
        stop.abort(new Error('stopped by the test'))
      },
    }
    const work = [
      async () => {
        if (streamNames(ladder).length > 0) {
          this.leftOut = await copyStreams(options)
          for (const name of this.leftOut) this.segments.delete(name)
        }
      },
      async () => {
        if (ladder.encodes.length === 0) return
        for (const chunk of this.chunks ?? planChunks(info))
          await encodeChunk({
            ...options,
            chunk,
            threads: 2,
            onProgress: (progress) => this.progress.push(progress),
          })
      },
    ]
    const results = await Promise.allSettled(work.map((one) => one()))
    const failure = results.find((result) => result.status === 'rejected')
    if (!stopWhen && failure) throw failure.reason
    this.isDone = !failure
    for (const list of this.segments.values()) list.sort((a, b) => a.index - b.index)
    for (const name of this.inits.keys()) await writeFile(this.renditionPath(name), this.readRendition(name))
    return stoppedAt ? Date.now() - stoppedAt : 0
  }

  /** The end of the longest rendition in seconds. */
  get endSeconds() {
    const ends = [...this.segments.values()].map((list) => list.at(-1)!)
    return Math.max(...ends.map(({ startSeconds, durationSeconds }) => startSeconds + durationSeconds))
  }

  /** The init segment and all segments of a rendition, concatenated. */
  readRendition(name: string) {
    return Buffer.concat([this.inits.get(name)!, ...(this.segments.get(name) ?? []).map(({ data }) => data)])
  }

  /** Path of the file with the content of `readRendition`. */
  renditionPath(name: string) {
    return path.join(this.dir, `${name}.mp4`)
  }

  async deleteFiles() {
    for (const name of this.inits.keys()) await rm(this.renditionPath(name), { force: true })
  }
}
