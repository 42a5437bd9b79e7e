import { setTimeout as delay } from 'node:timers/promises'
import type { Video } from '@/lib/generated/prisma/client'
import type { MediaInfo } from '@/lib/videos/media-info'
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
 * the sound. It stores what the transcode would store, which continues after it.
 */
export class FirstLook {
  readonly #stop = new AbortController()
  readonly #first = Promise.withResolvers<void>()
  readonly #work: Promise<void>
  /** The file as it is encoded; undefined before, and after a failure. */
  #info: MediaInfo | undefined
  #isEnding = false

  /** Begins once it is known what the file contains. Does nothing if `found` resolves to undefined. */
  constructor(
    private readonly source: Source,
    found: Promise<Inspection | undefined>,
  ) {
    this.#work = this.#createStart(found).catch((err: unknown) => {
      if (this.#stop.signal.aborted) return
      this.#info = undefined
      source.run.log.info({ err }, 'the first look failed')
    })
  }

  /** Waits for the first segments and stops. Returns whether they are stored, and are those of the file as in `info`. */
  async end(info: MediaInfo) {
    this.#isEnding = true
    const { signal } = this.#stop
    const limit = delay(MAX_WAIT_MS, undefined, { signal }).catch(() => undefined)
    await Promise.race([this.#first.promise, this.#work, limit])
    await this.cancel()
    return this.#info !== undefined && hasSameStart(this.#info, info)
  }

  /** Stops. What is stored remains. */
  async cancel() {
    this.#stop.abort(new Error('the first look has ended'))
    await this.#work
  }

  async #createStart(found: Promise<Inspection | undefined>) {
    const inspection = await found
    if (!inspection) return
    const { run, video, sourcePath } = this.source
    const { info } = inspection
    this.#info = info
    // Programs take longer to start than rows to be written.
    const store = this.#openStore(inspection)
    store.catch(() => undefined)
    const ladder = await planSoftwareStart(run, video, info)
    const names = [...streamNames(ladder), ...ladder.encodes.map(({ name }) => name)]
    const unstored = new Set(names)
    const stop = new AbortController()
    const { config } = run.context
    const options = {
      isStored: () => false,
      onInit: async (name: string, init: Buffer) => (await store).onInit(name, init),
      onSegment: async (name: string, segment: EncodedSegment) => {
        await (await store).onSegment(name, segment)
        if (unstored.delete(name) && unstored.size === 0) this.#first.resolve()
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

  async #openStore(inspection: Inspection) {
    const { run, video } = this.source
    const { info } = inspection
    await run.write((tx) => storeInspection(tx, video.id, inspection))
    const names = planRenditions(info).map(({ name }) => name)
    const renditions = await loadRenditions(run.context.db, { videoId: video.id, names })
    return createRenditionStore({ run, video, renditions, durationSeconds: info.durationSeconds })
  }
}
