import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import type { Tx } from '@/lib/database/db'
import { planCaptionParts } from '@/lib/captions/plan-parts'
import { captionStartTask, captionVideoTask } from '@/lib/captions/tasks'
import { kinds } from '@/lib/kinds'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import { defaultAudioTrack, type MediaInfo } from '@/lib/videos/media-info'
import { mixFilters } from '../media/mix-filters'
import type { TaskRun } from '../runtime/handler'
import { selectKinds } from '../runtime/worker-queues'
import { buildCues } from './build-cues'
import { findPresentTranscriber } from './choose-transcriber'
import { openTrack } from './open-track'
import { CaptionDeleted, discardChunks, storeChunkCues } from './store-chunk-cues'
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
  #hasStored = false

  /** Begins to load the model. */
  constructor(private readonly run: InspectionRun) {
    this.#signal = AbortSignal.any([run.signal, this.#stop.signal])
    this.#target = this.#prepare().catch((error: unknown) => this.#report(error))
  }

  /** Resolves when nothing is left to do. Only the first call has an effect. */
  begin(source: Source) {
    return (this.#work ??= this.#transcribe(source).catch((error: unknown) => void this.#report(error)))
  }

  /** Stops, after a moment if words are being recognized. Removes words that are not those of the file as it is. */
  async end(info: MediaInfo) {
    const isSame = this.#begun && isDeepStrictEqual(describeSound(this.#begun), describeSound(info))
    if (isSame) {
      const limit = delay(MAX_WAIT_MS, undefined, { signal: this.#signal }).catch(() => undefined)
      await Promise.race([this.#work, limit])
    }
    await this.cancel()
    if (!isSame && this.#hasStored) await this.#discard((await this.#target)!)
  }

  /** Stops. What is stored remains. */
  async cancel() {
    this.#stop.abort(new Error('the inspection has ended'))
    await Promise.all([this.#work, this.#target])
  }

  #report(error: unknown) {
    if (!this.#signal.aborted && !(error instanceof CaptionDeleted))
      this.run.log.warn({ err: error }, 'could not transcribe the first words')
    return null
  }

  async #prepare(): Promise<Target | null> {
    const { context, payload } = this.run
    const { config, db } = context
    if (!selectKinds(kinds, config.WORKER_QUEUES).includes(captionStartTask)) return null
    const task = await db.task.findFirst({
      where: {
        videoId: payload.videoId,
        kind: captionVideoTask.name,
        state: 'queued',
        startedAt: null,
      },
      orderBy: { id: 'asc' },
    })
    if (!task) return null
    const request = captionVideoTask.payload.parse(task.payload)
    // Of an inspection that was interrupted.
    await this.#discard({ taskId: task.id, request })
    const present = await findPresentTranscriber({ config, request, signal: this.#signal })
    if (!present) return null
    prepareSession(context, present.transcriber)
    return present.isIdentifier ? null : { taskId: task.id, request, ...present }
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
    const track = await this.#write(taskId, (tx) => openTrack(tx, { taskId, request, ownerId, choice }))
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
          this.#hasStored = true
          await this.#write(taskId, (tx) => storeChunkCues(tx, { ...chunk, language: known }))
          if (cues.length > 0) return
        }
      })
    } finally {
      await chunks.close()
    }
  }

  /** Writes rows while the transcription waits for the inspection: one that was canceled remains so. @throws {CaptionDeleted} */
  #write<T>(taskId: string, work: (tx: Tx) => Promise<T>) {
    return this.run.write(async (tx) => {
      const waiting = await tx.$queryRaw<object[]>`
        SELECT 1 FROM task WHERE id = ${taskId}::uuid AND state = 'queued' FOR UPDATE`
      if (waiting.length === 0) throw new CaptionDeleted()
      return work(tx)
    })
  }

  /** Removes the words. */
  #discard({ taskId, request: { language, translate } }: Pick<Target, 'taskId' | 'request'>) {
    return this.run.write(async (tx) => {
      const track = await tx.caption.findFirst({ where: { taskId, chunks: { some: {} } } })
      const isDetected = !language && !translate
      if (track)
        await discardChunks(tx, {
          captionId: track.id,
          language: isDetected ? UNKNOWN_LANGUAGE : undefined,
        })
    })
  }
}

/** All of a description of a file that its transcription depends on. */
function describeSound({ demuxer, audio }: MediaInfo) {
  const track = defaultAudioTrack(audio)
  return track && { demuxer, index: track.index, filters: mixFilters(track) }
}
