import path from 'node:path'
import { AppError, PermanentError } from '@/lib/errors'
import type { CaptionRequest } from '@/lib/captions/schema'
import type { Config } from '@/lib/config/config'
import { languageName } from '@/lib/videos/languages'
import { hasPocketSphinx, pocketSphinx } from './pocketsphinx'
import type { Transcriber } from './transcriber'
import { ensureModel, hasModel } from './speech/model-files'
import { VAD_MODEL, WHISPER_MODELS } from './speech/models'
import { createWhisper } from './speech/whisper'

export interface ChosenTranscriber {
  transcriber: Transcriber
  /** A note on the choice for the user, such as low accuracy; null if there is none. */
  reason: string | null
}

/** Without a transcriber, captions are off for now, and `reason` says what the administrator can do. */
type TranscriberChoice = ChosenTranscriber | { transcriber: null; reason: string }

interface Options {
  config: Pick<Config, 'CAPTIONS' | 'WHISPER_MODEL' | 'MODEL_HUB' | 'DATA_DIR'>
  request: CaptionRequest
  signal: AbortSignal
  onStage(stage: string): void
}

/** Delay before the next attempt to reach an unreachable hub. */
const HUB_RETRY_MS = 10 * 60_000
const unreachableHubs = new Map<string, { at: number; error: AppError }>()

export const modelsDir = ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>) => path.join(DATA_DIR, 'models')

/**
 * Chooses the transcriber by configuration, and downloads its model if necessary. With CAPTIONS=auto, a model that cannot
 * be downloaded is not an error.
 * @throws {AppError} captions.model_unavailable, captions.engine_missing, captions.language or captions.off
 */
export async function chooseTranscriber(options: Options): Promise<TranscriberChoice> {
  const choice = await selectTranscriber(options)
  if (choice.transcriber) assertCanTranscribe(choice.transcriber, options.request)
  return choice
}

async function selectTranscriber(options: Options): Promise<TranscriberChoice> {
  const { CAPTIONS } = options.config
  if (CAPTIONS === 'none') throw captionsDisabled
  if (CAPTIONS === 'pocketsphinx') {
    if (!hasPocketSphinx()) throw engineMissing
    return { transcriber: pocketSphinx, reason: LOW_ACCURACY_NOTE }
  }
  if (CAPTIONS === 'whisper') return { transcriber: await openWhisper(options), reason: null }
  try {
    return { transcriber: await openWhisperIfReachable(options), reason: null }
  } catch (error) {
    if (!isUnreachable(error)) throw error
    return { transcriber: null, reason: noModelReason(options.config) }
  }
}

/** Whether the hub does not respond or refuses; an interrupted download can resume. */
export const isUnreachable = (error: unknown) =>
  error instanceof AppError &&
  error.code === 'captions.model_unavailable' &&
  ['download.unreachable', 'download.refused'].includes((error.cause as AppError).code)

const noModelReason = ({ WHISPER_MODEL, MODEL_HUB }: Options['config']) =>
  `Captions are off: the speech model ${WHISPER_MODEL} is not on this server, and it cannot be downloaded from ` +
  `${new URL(MODEL_HUB).host}. Ask the administrator to add it with npm run models.`

/** For a transcription that another worker, which had the model, has begun: one of them may continue it. */
export const modelMissing = (reason: string) =>
  new AppError({ code: 'captions.model_unavailable', message: reason, status: 503 })

async function openWhisperIfReachable(options: Options) {
  const { MODEL_HUB, WHISPER_MODEL } = options.config
  const key = `${MODEL_HUB} ${WHISPER_MODEL}`
  const failure = unreachableHubs.get(key)
  if (failure && Date.now() - failure.at < HUB_RETRY_MS && !(await hasModels(options.config)))
    throw failure.error
  try {
    return await openWhisper(options)
  } catch (error) {
    if (error instanceof AppError && isUnreachable(error)) unreachableHubs.set(key, { at: Date.now(), error })
    throw error
  }
}

const neededModels = ({ WHISPER_MODEL }: Pick<Config, 'WHISPER_MODEL'>) =>
  [WHISPER_MODELS[WHISPER_MODEL], VAD_MODEL] as const

/** Whether the configured model and what it needs are downloaded, without verifying them. */
export async function hasModels(config: Pick<Config, 'WHISPER_MODEL' | 'DATA_DIR'>) {
  const exist = neededModels(config).map((model) => hasModel(model, modelsDir(config)))
  return (await Promise.all(exist)).every(Boolean)
}

async function openWhisper({ config, signal, onStage }: Options) {
  const dir = modelsDir(config)
  for (const model of neededModels(config))
    await ensureModel(model, { dir, hub: config.MODEL_HUB, signal, onStage })
  return createWhisper({ model: WHISPER_MODELS[config.WHISPER_MODEL], modelsDir: dir })
}

const canTranscribe = (transcriber: Transcriber, { language, translate }: CaptionRequest) =>
  (!translate || transcriber.canTranslate) &&
  (!language || transcriber.languages.includes(language.split('-')[0]!))

function assertCanTranscribe(transcriber: Transcriber, request: CaptionRequest) {
  if (canTranscribe(transcriber, request)) return
  const isEnglishOnly = transcriber.languages.length === 1
  const limitation = request.translate
    ? 'cannot translate'
    : isEnglishOnly
      ? 'supports English only'
      : `does not support ${languageName(request.language!)}`
  throw new PermanentError({
    code: 'captions.language',
    message: `${transcriber.title} ${limitation}.`,
    advice:
      'Add captions as a .srt, .vtt or .ass file, or ask the administrator for a speech model that supports it.',
  })
}

const LOW_ACCURACY_NOTE = 'Low-accuracy captions (PocketSphinx): about half of the words are right.'

const captionsDisabled = new PermanentError({
  code: 'captions.off',
  message: 'Captions are turned off on this server (CAPTIONS=none).',
})

const engineMissing = new PermanentError({
  code: 'captions.engine_missing',
  message: 'PocketSphinx is not installed on this server.',
  advice: 'Ask the administrator to run npm run doctor.',
})
