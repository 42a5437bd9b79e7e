import { setTimeout as delay } from 'node:timers/promises'
import type { Video } from '@/lib/generated/prisma/client'
import { NICENESS } from '../process/niceness'
import type { TaskRun } from '../runtime/handler'
import { copyStreams, streamNames } from './ffmpeg/copy-streams'
import { encodeChunk } from './ffmpeg/encode-chunk'
import type { EncodedSegment } from './ffmpeg/ladder-options'
import { hasSameStart, planChunksOfStart, planSoftwareStart } from './playable-start'
import { createRenditionStore, loadRenditions } from './rendition-store'
import { type Inspection, planRenditions, storeInspection } from './store-inspection'

/** A start that takes longer is left to the transcode. */
const MAX_WAIT_MS = 30_000

interface Source {
  run: Pick<TaskRun<{ videoId: string }>, 'taskId' | 'payload' | 'context' | 'signal' | 'write' | 'log'>
  video: Video
  sourcePath: string
}

/**
 * Creates the start of the renditions with which a video becomes playable: the copied source or else all encoded ones, and
 * the sound. It stores what the transcode would store, which continues after it. Encoded pictures are stored at once; a copy,
 * which is made sooner than all of the file is read, only once that is described and has the same start.
 */
export class FirstLook {
  readonly #stop = new AbortController()
  readonly #first = Promise.withResolvers<void>()
  readonly #encoded = Promise.withResolvers<void>()
  /** Resolves to all that was found of the file, if it has the start that was begun. */
  readonly #confirmed = Promise.withResolvers<Inspection>()
  readonly #work: Promise<void>
  #hasFailed = false
  #isEnding = false

  /** Begins once it is known what the start of the file contains. */
  constructor(
    private readonly source: Source,
    private readonly found: Promise<Inspection>,
  ) {
    this.#confirmed.promise.catch(() => undefined)
    this.#work = this.#createStart()
      .catch((err: unknown) => {
        if (this.#stop.signal.aborted) return
        this.#hasFailed = true
        source.run.log.info({ err }, 'the first look failed')
      })
      .finally(() => this.#encoded.resolve())
  }

  /** Resolves when the pictures that have to be encoded are, or nothing does, which leaves CPU time for others. */
  get encoded() {
    return this.#encoded.promise
  }

  /** Waits for the first segments and stops. Returns whether they are stored, and are those of the file as it is. */
  async end(inspection: Inspection) {
    this.#isEnding = true
    const begun = await this.found.catch(() => null)
    const isSame = begun !== null && hasSameStart(begun.info, inspection.info)
    if (isSame) {
      this.#confirmed.resolve(inspection)
      const { signal } = this.#stop
      const limit = delay(MAX_WAIT_MS, undefined, { signal }).catch(() => undefined)
      await Promise.race([this.#first.promise, this.#work, limit])
    }
    await this.cancel()
    return isSame && !this.#hasFailed
  }

  /** Stops. What is stored remains. */
  async cancel() {
    const reason = new Error('the first look has ended')
    this.#stop.abort(reason)
    this.#confirmed.reject(reason)
    await this.#work
  }

  async #createStart() {
    const inspection = await this.found
    const { run, video, sourcePath } = this.source
    const { info } = inspection
    const ladder = await planSoftwareStart(run, video, info)
    if (ladder.encodes.length === 0) this.#encoded.resolve()
    // Programs take longer to start than rows to be written.
    const store = this.#openStore(ladder.encodes.length > 0 ? inspection : this.#confirmed.promise)
    store.catch(() => undefined)
    const names = [...streamNames(ladder), ...ladder.encodes.map(({ name }) => name)]
    const unstored = new Set(names)
    const stop = new AbortController()
    const { config } = run.context
    const options = {
      isStored: () => false,
      onInit: async (name: string, init: Buffer) => (await store).onInit(name, init),
      onSegment: async (name: string, segment: EncodedSegment) => {
        await (await store).onSegment(name, segment)
        if (!unstored.delete(name) || unstored.size > 0) return
        this.#first.resolve()
        this.#encoded.resolve()
      },
      sourcePath,
      info,
      ladder,
      signal: AbortSignal.any([run.signal, this.#stop.signal, stop.signal]),
      threads: config.MEDIA_THREADS,
      niceness: NICENESS.firstLook,
      memoryBytes: config.MEDIA_MEMORY_BYTES,
      wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
      onProgress: () => undefined,
    }
    const encodePictures = async () => {
      for (const chunk of planChunksOfStart(info, ladder)) {
        await encodeChunk({ ...options, chunk })
        if (this.#isEnding) return
      }
    }
    const all = [store, encodePictures(), copyStreams(options)]
    try {
      await Promise.all(all)
    } finally {
      stop.abort(new Error('a program of the first look has failed'))
      await Promise.allSettled(all)
    }
  }

  async #openStore(found: Inspection | Promise<Inspection>) {
    const { run, video } = this.source
    const inspection = await found
    const { info } = inspection
    await run.write((tx) => storeInspection(tx, video.id, inspection))
    const names = planRenditions(info).map(({ name }) => name)
    const renditions = await loadRenditions(run.context.db, { videoId: video.id, names })
    return createRenditionStore({ run, video, renditions, durationSeconds: info.durationSeconds })
  }
}
