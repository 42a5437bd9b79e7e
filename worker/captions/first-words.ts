import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { planCaptionParts } from '@/lib/captions/plan-parts'
import { captionStartTask, captionVideoTask } from '@/lib/captions/tasks'
import { kinds } from '@/lib/kinds'
import { statesBefore } from '@/lib/tasks/state'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import { defaultAudioTrack, type MediaInfo } from '@/lib/videos/media-info'
import { mixFilters } from '../media/mix-filters'
import type { TaskRun } from '../runtime/handler'
import { selectKinds } from '../runtime/worker-queues'
import { buildCues } from './build-cues'
import { findPresentTranscriber } from './choose-transcriber'
import { openTrack } from './open-track'
import { AFTER_ANY_CUE_SECONDS, CaptionDeleted, storeChunkCues, storeReplacedCues } from './store-chunk-cues'
import { partResources, type PartRun, prepareSession, readPartAudio, useSession } from './transcribe-part'
import type { Transcriber } from './transcriber'

/** The parts of a shorter file, which is inspected sooner, follow at once: this would only take its CPU time. */
const MIN_SECONDS = 600
/** How long an inspection waits for words that are being recognized. */
const MAX_WAIT_MS = 2_000

type InspectionRun = TaskRun<{ videoId: string }>

interface Target {
  taskId: string
  request: PayloadOf<typeof captionVideoTask>
  transcriber: Transcriber
}

interface Source {
  sourcePath: string
  ownerId: string
  /** What the start of the file shows. */
  found: Promise<{ info: MediaInfo }>
  /** Resolves when what makes the video playable no longer needs the CPU time. */
  picture: Promise<void> | undefined
}

interface StoredWords {
  captionId: string
  /** Of the track before. */
  language: string
}

/**
 * Transcribes the start of a long video while it is inspected, up to the first words, if this worker may transcribe it and has the
 * model. It stores what the first part of the transcription would store, which continues after it. The words come with that
 * part if it fails.
 */
export class FirstWords {
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  readonly #target: Promise<Target | null>
  #work: Promise<void> | undefined
  /** As described when the recognition began. */
  #begun: MediaInfo | undefined
  #stored: StoredWords | undefined

  /** Begins to load the model. */
  constructor(private readonly run: InspectionRun) {
    this.#signal = AbortSignal.any([run.signal, this.#stop.signal])
    this.#target = this.#prepare().catch((error: unknown) => this.#report(error))
  }

  /** Only the first call has an effect. */
  begin(source: Source) {
    this.#work ??= this.#transcribe(source).catch((error: unknown) => void this.#report(error))
  }

  /** Stops, after a moment if words are being recognized. Removes words that are not those of the file as it is. */
  async end(info: MediaInfo) {
    const isSame = this.#begun && isDeepStrictEqual(describeSound(this.#begun), describeSound(info))
    if (isSame) {
      const limit = delay(MAX_WAIT_MS, undefined, { signal: this.#signal }).catch(() => undefined)
      await Promise.race([this.#work, limit])
    }
    await this.cancel()
    if (!isSame && this.#stored) await this.#remove(this.#stored)
  }

  /** Stops. What is stored remains. */
  async cancel() {
    this.#stop.abort(new Error('the inspection has ended'))
    await this.#work
  }

  #report(error: unknown) {
    if (!this.#signal.aborted && !(error instanceof CaptionDeleted))
      this.run.log.warn({ err: error }, 'could not transcribe the first words')
    return null
  }

  async #prepare(): Promise<Target | null> {
    const { context, payload, signal } = this.run
    const { config, db } = context
    if (!selectKinds(kinds, config.WORKER_QUEUES).includes(captionStartTask)) return null
    const task = await db.task.findFirst({
      where: {
        videoId: payload.videoId,
        kind: captionVideoTask.name,
        state: { in: statesBefore('canceled') },
      },
    })
    if (!task) return null
    const request = captionVideoTask.payload.parse(task.payload)
    const present = await findPresentTranscriber({ config, request, signal })
    if (!present) return null
    prepareSession(context, present.transcriber)
    const isBegun = (await db.captionChunk.count({ where: { caption: { taskId: task.id } } })) > 0
    return present.isIdentifier || isBegun ? null : { taskId: task.id, request, ...present }
  }

  async #transcribe({ found, picture, ...source }: Source) {
    const { info } = await found
    if (info.audio.length === 0 || info.durationSeconds < MIN_SECONDS) return
    const [target] = await Promise.all([this.#target, picture])
    if (!target) return
    this.#signal.throwIfAborted()
    this.#begun = info
    await this.#transcribeStart(target, { ...source, info })
  }

  async #transcribeStart(
    { taskId, request, transcriber }: Target,
    { ownerId, ...source }: Pick<Source, 'sourcePath' | 'ownerId'> & { info: MediaInfo },
  ) {
    const { run } = this
    const choice = { transcriber, reason: null, identifier: null }
    const track = await run.write((tx) => openTrack(tx, { taskId, request, ownerId, choice }))
    const part = planCaptionParts(source.info.durationSeconds)[0]!
    const payload = { ...request, captionId: track.id, ...part }
    const partRun: PartRun = { ...run, payload, signal: this.#signal }
    const audio = { ...source, ...partResources(run.context.config, 'first') }
    const chunks = readPartAudio(partRun, { ...audio, filter: transcriber.audioFilter })
    const { language, translate } = request
    try {
      await useSession(partRun, { ...audio, track, transcriber, isKept: true }, async (session) => {
        for await (const { samples, ...times } of chunks) {
          const { phrases, ...detected } = await session.transcribe({
            samples,
            language,
            isTranslated: translate,
          })
          const cues = buildCues(phrases, times)
          const chunk = { captionId: track.id, ...times, cues }
          const known = translate ? undefined : (language ?? detected.language ?? undefined)
          this.#stored ??= { captionId: track.id, language: track.language }
          await run.write((tx) => storeChunkCues(tx, { ...chunk, language: known }))
          if (cues.length > 0) return
        }
      })
    } finally {
      await chunks.close()
    }
  }

  #remove({ captionId, language }: StoredWords) {
    const chunk = { startSeconds: 0, endSeconds: AFTER_ANY_CUE_SECONDS, cues: [] }
    return this.run
      .write(async (tx) => {
        await storeReplacedCues(tx, { captionId, chunk, doneSeconds: 0 })
        await tx.captionChunk.deleteMany({ where: { captionId } })
        await tx.caption.update({ where: { id: captionId }, data: { language } })
      })
      .catch((error: unknown) => {
        if (!(error instanceof CaptionDeleted)) throw error
      })
  }
}

/** All of a description of a file that its transcription depends on. */
function describeSound({ demuxer, audio }: MediaInfo) {
  const track = defaultAudioTrack(audio)
  return track && { demuxer, index: track.index, filters: mixFilters(track) }
}
