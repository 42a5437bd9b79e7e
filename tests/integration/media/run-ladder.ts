import { appendFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { planLadder } from '@/lib/videos/ladder'
import { makeLadder, type Stored, type StoredSegment } from '@/worker/video/engine/make-ladder'
import { probeMedia } from '@/worker/video/engine/probe'

export const MEMORY_BYTES = 6 * 1024 ** 3
export const never = new AbortController().signal

export const probe = (file: string) => probeMedia({ path: file, signal: never, memoryBytes: MEMORY_BYTES })

/** What a worker keeps: runs add to it, and a later run goes on from it. */
export class LadderRun {
  readonly inits = new Map<string, Buffer>()
  readonly segments = new Map<string, Omit<StoredSegment, 'data'>[]>()
  readonly ended = new Set<string>()
  readonly progress: { mediaSeconds: number; speed: number }[] = []
  endSeconds = 0

  constructor(
    readonly sourcePath: string,
    readonly dir: string,
  ) {}

  /** Runs until the end, or until `stopWhen` says so after a segment. Resolves with the time an abort took, in ms. */
  async run(stopWhen?: (name: string, segment: StoredSegment) => boolean) {
    const info = await probe(this.sourcePath)
    const stop = new AbortController()
    let stoppedAt = 0
    const made = makeLadder({
      sourcePath: this.sourcePath,
      info,
      ladder: planLadder(info),
      stored: this.stored(),
      signal: stop.signal,
      threads: 2,
      memoryBytes: MEMORY_BYTES,
      wallClockMs: 120_000,
      onInit: async (name, init) => {
        const earlier = this.inits.get(name)
        if (earlier && !earlier.equals(init)) throw new Error(`the init segment of ${name} changed`)
        if (!earlier) await writeFile(this.fileOf(name), init)
        this.inits.set(name, init)
      },
      onSegment: async (name, segment) => {
        if (stop.signal.aborted) return
        const { data, ...times } = segment
        await appendFile(this.fileOf(name), data)
        this.segments.set(name, [...(this.segments.get(name) ?? []), times])
        if (!stopWhen?.(name, segment)) return
        stoppedAt = Date.now()
        stop.abort(new Error('stopped by the test'))
      },
      onEnd: async (name) => void this.ended.add(name),
      onProgress: (progress) => this.progress.push(progress),
    })
    if (!stopWhen) {
      ;({ endSeconds: this.endSeconds } = await made)
      return 0
    }
    await made.then(
      () => undefined,
      () => undefined,
    )
    return stoppedAt ? Date.now() - stoppedAt : 0
  }

  /** Init segment and all segments of a rendition, one behind the other. */
  fileOf(name: string) {
    return path.join(this.dir, `${name}.mp4`)
  }

  async clean() {
    for (const name of this.inits.keys()) await rm(this.fileOf(name), { force: true })
  }

  private stored() {
    return new Map<string, Stored>(
      [...this.segments].map(([name, segments]) => {
        const last = segments.at(-1)!
        const endSeconds = last.startSeconds + last.durationSeconds
        return [name, { segments: segments.length, endSeconds, isDone: this.ended.has(name) }]
      }),
    )
  }
}
