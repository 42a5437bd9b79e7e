import path from 'node:path'
import { AppError, PermanentError } from '@/lib/errors'
import type { CaptionRequest } from '@/lib/captions/schema'
import type { Config } from '@/lib/config/config'
import { hasPocketSphinx, pocketSphinx } from './pocketsphinx'
import type { Transcriber } from './transcriber'
import { ensureModelFile } from './whisper/model-file'
import { VAD_MODEL, WHISPER_MODELS } from './whisper/models'
import { createWhisper } from './whisper/whisper'

export interface TranscriberChoice {
  transcriber: Transcriber
  /** A note on the choice for the user, such as low accuracy; null if there is none. */
  reason: string | null
}

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
 * Chooses the transcriber by configuration and availability, and downloads its model if necessary.
 * @throws {AppError} captions.model_unavailable, captions.engine_missing, captions.language or captions.off
 */
export async function chooseTranscriber(options: Options): Promise<TranscriberChoice> {
  const choice = await selectTranscriber(options)
  assertCanTranscribe(choice.transcriber, options.request)
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
    if (!(error instanceof AppError) || error.code !== 'captions.model_unavailable') throw error
    // If PocketSphinx cannot transcribe it either, the missing model is the problem to report.
    if (!hasPocketSphinx() || !canTranscribe(pocketSphinx, options.request)) throw error
    return { transcriber: pocketSphinx, reason: `${error.message} ${LOW_ACCURACY_NOTE}` }
  }
}

async function openWhisperIfReachable(options: Options) {
  const key = `${options.config.MODEL_HUB} ${options.config.WHISPER_MODEL}`
  const failure = unreachableHubs.get(key)
  if (failure && Date.now() - failure.at < HUB_RETRY_MS) throw failure.error
  try {
    return await openWhisper(options)
  } catch (error) {
    if (error instanceof AppError) unreachableHubs.set(key, { at: Date.now(), error })
    throw error
  }
}

async function openWhisper({ config, signal, onStage }: Options) {
  const modelOptions = { dir: modelsDir(config), hub: config.MODEL_HUB, signal, onStage }
  const modelPath = await ensureModelFile(WHISPER_MODELS[config.WHISPER_MODEL], modelOptions)
  const vadModelPath = await ensureModelFile(VAD_MODEL, modelOptions)
  return createWhisper({ model: config.WHISPER_MODEL, modelPath, vadModelPath })
}

const canTranscribe = (transcriber: Transcriber, { language, translate }: CaptionRequest) =>
  (!translate || transcriber.canTranslate) &&
  (!language || !transcriber.languages || transcriber.languages.includes(language.split('-')[0]!))

function assertCanTranscribe(transcriber: Transcriber, request: CaptionRequest) {
  if (canTranscribe(transcriber, request)) return
  const limitation = request.translate ? 'cannot translate' : 'supports English only'
  throw new PermanentError({
    code: 'captions.language',
    message: `${transcriber.title} ${limitation}.`,
    advice:
      'Add captions as a .srt, .vtt or .ass file, or ask the administrator for a Whisper model that supports more languages.',
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
