import { AppError, PermanentError } from '@/lib/errors'
import type { CaptionRequest } from '@/lib/captions/schema'
import type { Config } from '@/lib/config/config'
import { languageName } from '@/lib/videos/languages'
import * as messages from '@/lib/generated/messages/caption-errors'
import { hasPocketSphinx, pocketSphinx } from './pocketsphinx'
import { ensureModel } from './speech/model-files'
import { type SpeechModel, VAD_MODEL } from './speech/models'
import { isComplete, type ModelConfig, modelsDir, selectModel } from './speech/select-model'
import { createSpeechTranscriber } from './speech/speech-transcriber'
import type { Transcriber } from './transcriber'

export interface ChosenTranscriber {
  transcriber: Transcriber
  /** A note on the choice for the user, such as low accuracy; null if there is none. */
  reason: string | null
  /** Identifies the spoken language, on which the choice depends; null if it is known, or does not matter. */
  identifier: Transcriber | null
}

/** Without a transcriber, captions are off for now, and `reason` says what the administrator can do. */
type TranscriberChoice = ChosenTranscriber | { transcriber: null; reason: string }

interface Options {
  config: ModelConfig & Pick<Config, 'CAPTIONS' | 'MODEL_HUB'>
  /** With the language that was detected, if none was requested. */
  request: CaptionRequest
  signal: AbortSignal
  onStage(stage: string): void
}

/** Delay before the next attempt to reach an unreachable hub. */
const HUB_RETRY_MS = 10 * 60_000
const unreachableHubs = new Map<string, { at: number; error: AppError }>()

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

/**
 * Returns the transcriber that would be the first one to run for a request, if its model is on this computer; `isIdentifier` if
 * it would only identify the language.
 */
export async function findPresentTranscriber(options: Pick<Options, 'config' | 'request' | 'signal'>) {
  if (!['auto', 'whisper'].includes(options.config.CAPTIONS)) return null
  const { model, identifier } = await selectModel({ ...options, onStage: () => undefined })
  const first = identifier ?? model
  if (!(await isComplete(first, options.config))) return null
  return { transcriber: openPresent(first, options), isIdentifier: identifier !== undefined }
}

async function selectTranscriber(options: Options): Promise<TranscriberChoice> {
  const { CAPTIONS } = options.config
  if (CAPTIONS === 'none') throw captionsDisabled()
  if (CAPTIONS === 'pocketsphinx') {
    if (!hasPocketSphinx()) throw engineMissing()
    return { transcriber: pocketSphinx, reason: messages.lowAccuracyNote(), identifier: null }
  }
  const { model, identifier, substitute } = await selectModel(options)
  try {
    const transcriber = await openModelIfReachable(model, options)
    return { transcriber, reason: null, identifier: identifier ? openPresent(identifier, options) : null }
  } catch (error) {
    if (!isUnreachable(error)) throw error
    if (substitute)
      return { transcriber: await openModel(substitute, options), reason: null, identifier: null }
    if (CAPTIONS === 'whisper') throw error
    return { transcriber: null, reason: noModelReason(model, options.config) }
  }
}

/** Whether the hub does not respond or refuses; an interrupted download can resume. */
export const isUnreachable = (error: unknown) =>
  error instanceof AppError &&
  error.code === 'captions.model_unavailable' &&
  ['download.unreachable', 'download.refused'].includes((error.cause as AppError).code)

const noModelReason = ({ title }: SpeechModel, { MODEL_HUB }: Options['config']) =>
  messages.modelNotPresent({ title, host: new URL(MODEL_HUB).host })

/** For a transcription that another worker, which had the model, has begun: one of them may continue it. */
export const modelMissing = (reason: string) =>
  new AppError({ code: 'captions.model_unavailable', message: reason, status: 503 })

async function openModelIfReachable(model: SpeechModel, options: Options) {
  const { MODEL_HUB } = options.config
  const key = `${MODEL_HUB} ${model.title}`
  const failure = unreachableHubs.get(key)
  if (failure && Date.now() - failure.at < HUB_RETRY_MS && !(await isComplete(model, options.config)))
    throw failure.error
  try {
    return await openModel(model, options)
  } catch (error) {
    if (error instanceof AppError && isUnreachable(error)) unreachableHubs.set(key, { at: Date.now(), error })
    throw error
  }
}

async function openModel(model: SpeechModel, options: Options) {
  const { config, signal, onStage } = options
  for (const needed of [model, VAD_MODEL])
    await ensureModel(needed, { dir: modelsDir(config), hub: config.MODEL_HUB, signal, onStage })
  return openPresent(model, options)
}

const openPresent = (model: SpeechModel, { config }: Pick<Options, 'config'>) =>
  createSpeechTranscriber({ model, modelsDir: modelsDir(config) })

const canTranscribe = (transcriber: Transcriber, { language, translate }: CaptionRequest) =>
  (!translate || transcriber.canTranslate) &&
  (!language || transcriber.languages.includes(language.split('-')[0]!))

function assertCanTranscribe(transcriber: Transcriber, request: CaptionRequest) {
  if (canTranscribe(transcriber, request)) return
  const isEnglishOnly = transcriber.languages.length === 1
  const { title } = transcriber
  const message = request.translate
    ? messages.cannotTranslate({ title })
    : isEnglishOnly
      ? messages.englishOnly({ title })
      : messages.languageUnsupported({ title, language: languageName(request.language!) })
  throw new PermanentError({
    code: 'captions.language',
    message,
    advice: messages.languageAdvice(),
  })
}

const captionsDisabled = () =>
  new PermanentError({
    code: 'captions.off',
    message: messages.turnedOff(),
  })

const engineMissing = () =>
  new PermanentError({
    code: 'captions.engine_missing',
    message: messages.engineMissing(),
    advice: messages.runDoctor(),
  })
