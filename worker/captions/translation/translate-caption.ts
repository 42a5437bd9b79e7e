import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import { findCues } from '@/lib/captions/queries'
import { translateCaptionTask } from '@/lib/captions/tasks'
import { PermanentError } from '@/lib/errors'
import type { Caption } from '@/lib/generated/prisma/client'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import * as taskMessages from '@/lib/generated/messages/caption-tasks'
import * as messages from '@/lib/generated/messages/caption-errors'
import type { TaskHandler, TaskRun } from '../../runtime/handler'
import { AFTER_ANY_CUE_SECONDS, CaptionDeleted, storeReplacedCues } from '../store-chunk-cues'
import { translateTexts } from './translate-texts'

type TranslationRun = TaskRun<PayloadOf<typeof translateCaptionTask>>
type OriginalCue = Awaited<ReturnType<typeof findCues>>[number]

const MAX_BATCH_CUES = 25
const MAX_BATCH_CHARACTERS = 4_000

/** Translates a track by the configured service, in batches. An interrupted run resumes after the last stored batch. */
export const translateCaption: TaskHandler<typeof translateCaptionTask> = {
  kind: translateCaptionTask,
  async run(run) {
    const { db } = run.context
    const [original, track] = await Promise.all(
      [run.payload.originalId, run.payload.captionId].map((id) => db.caption.findUnique({ where: { id } })),
    )
    if (!original || !track) return {}
    const cues = await findCues(db, original.id)
    const batches = groupCues(cues.filter((cue) => cue.startSeconds >= track.doneSeconds))
    let done = cues.length - batches.reduce((sum, batch) => sum + batch.length, 0)
    try {
      for (const [n, batch] of batches.entries()) {
        run.report({ stage: taskMessages.translating(), progress: done / cues.length })
        await translateBatch(run, { original, track, batch, next: batches[n + 1]?.[0] })
        done += batch.length
      }
    } catch (error) {
      if (!(error instanceof CaptionDeleted)) throw error
    }
    return { result: { captionId: track.id, cues: cues.length } }
  },
}

/** Cues that start together are in one batch. */
function groupCues(cues: readonly OriginalCue[]) {
  const batches: OriginalCue[][] = []
  let characters = 0
  for (const cue of cues) {
    const batch = batches.at(-1)
    const isTogether = batch?.at(-1)!.startSeconds === cue.startSeconds
    const fits =
      batch && batch.length < MAX_BATCH_CUES && characters + cue.text.length <= MAX_BATCH_CHARACTERS
    if (batch && (fits || isTogether)) batch.push(cue)
    else {
      batches.push([cue])
      characters = 0
    }
    characters += cue.text.length
  }
  return batches
}

interface Batch {
  original: Caption
  track: Caption
  batch: readonly OriginalCue[]
  next?: OriginalCue
}

async function translateBatch(run: TranslationRun, { original, track, batch, next }: Batch) {
  const { TRANSLATION_URL: url, TRANSLATION_API_KEY: apiKey } = run.context.config
  if (!url) throw translationOff()
  const { language } = original
  const texts = await translateTexts(
    batch.map(({ text }) => text),
    {
      url,
      apiKey,
      from: language === UNKNOWN_LANGUAGE ? undefined : language,
      to: track.language,
      signal: run.signal,
    },
  )
  const chunk = {
    startSeconds: track.doneSeconds > 0 || batch[0]!.startSeconds > 0 ? batch[0]!.startSeconds : 0,
    endSeconds: next?.startSeconds ?? AFTER_ANY_CUE_SECONDS,
    cues: batch.map(({ startSeconds, endSeconds, speaker }, n) => ({
      startSeconds,
      endSeconds,
      speaker,
      text: texts[n]!,
      confidence: null,
      words: null,
    })),
  }
  const doneSeconds = next?.startSeconds ?? batch.at(-1)!.endSeconds
  await run.write((tx) => storeReplacedCues(tx, { captionId: track.id, chunk, doneSeconds }))
}

const translationOff = () =>
  new PermanentError({
    code: 'captions.translation_off',
    message: messages.translationOff(),
  })
