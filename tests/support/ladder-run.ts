import { appendFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { planLadder } from '@/lib/videos/ladder'
import { encodeLadder } from '@/worker/video/ffmpeg/encode-ladder'
import type { EncodedSegment, StoredRendition } from '@/worker/video/ffmpeg/ladder-options'
import { probeMedia } from '@/worker/video/ffmpeg/probe-media'
import { neverAborted } from './never-aborted'

export const MEMORY_BYTES = 6 * 1024 ** 3

export const probeFile = (file: string) =>
  probeMedia({ path: file, signal: neverAborted, memoryBytes: MEMORY_BYTES })

/** The stored state of a transcode: each run adds to it, and a later run resumes from it. */
export class LadderRun {
  readonly inits = new Map<string, Buffer>()
  readonly segments = new Map<string, Omit<EncodedSegment, 'data'>[]>()
  readonly finishedRenditions = new Set<string>()
  readonly progress: { mediaSeconds: number; speed: number }[] = []
  endSeconds = 0

  constructor(
    readonly sourcePath: string,
    readonly dir: string,
  ) {}

  /** Runs to the end, or until `stopWhen` returns true for a segment. Resolves to the duration of the abort in milliseconds. */
  async run(stopWhen?: (name: string, segment: EncodedSegment) => boolean) {
    const info = await probeFile(this.sourcePath)
    const stop = new AbortController()
    let stoppedAt = 0
    const encoding = encodeLadder({
      sourcePath: this.sourcePath,
      info,
      ladder: planLadder(info),
      stored: this.storedRenditions(),
      signal: stop.signal,
      threads: 2,
      memoryBytes: MEMORY_BYTES,
      wallClockMs: 120_000,
      onInit: async (name, init) => {
        const earlier = this.inits.get(name)
        if (earlier && !earlier.equals(init)) throw new Error(`the init segment of ${name} changed`)
        if (!earlier) await writeFile(this.renditionPath(name), init)
        this.inits.set(name, init)
      },
      onSegment: async (name, segment) => {
        stop.signal.throwIfAborted()
        const { data, ...times } = segment
        await appendFile(this.renditionPath(name), data)
        this.segments.set(name, [...(this.segments.get(name) ?? []), times])
        if (!stopWhen?.(name, segment)) return
        stoppedAt = Date.now()
        stop.abort(new Error('stopped by the test'))
      },
      onRenditionDone: async (name) => {
        stop.signal.throwIfAborted()
        this.finishedRenditions.add(name)
      },
      onProgress: (progress) => this.progress.push(progress),
    })
    if (!stopWhen) {
      ;({ endSeconds: this.endSeconds } = await encoding)
      return 0
    }
    await encoding.then(
      () => undefined,
      () => undefined,
    )
    return stoppedAt ? Date.now() - stoppedAt : 0
  }

  /** Path of the init segment and all segments of a rendition, concatenated. */
  renditionPath(name: string) {
    return path.join(this.dir, `${name}.mp4`)
  }

  async deleteFiles() {
    for (const name of this.inits.keys()) await rm(this.renditionPath(name), { force: true })
  }

  private storedRenditions() {
    return new Map<string, StoredRendition>(
      [...this.segments].map(([name, segments]) => {
        const last = segments.at(-1)!
        const endSeconds = last.startSeconds + last.durationSeconds
        return [name, { segments: segments.length, endSeconds, isDone: this.finishedRenditions.has(name) }]
      }),
    )
  }
}
