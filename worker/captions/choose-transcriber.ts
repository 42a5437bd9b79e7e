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
  /** For people, where something is to be said of it. */
  reason: string | null
}

interface Options {
  config: Pick<Config, 'CAPTIONS' | 'WHISPER_MODEL' | 'MODEL_HUB' | 'DATA_DIR'>
  request: CaptionRequest
  signal: AbortSignal
  onStage(stage: string): void
}

/** A hub that did not answer is asked again after this. */
const HUB_RETRY_MS = 10 * 60_000
const unreachableHubs = new Map<string, { at: number; error: AppError }>()

export const modelsDir = ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>) => path.join(DATA_DIR, 'models')

/**
 * The engine that will listen. Its model is here afterwards.
 * @throws {AppError} captions.model_unavailable, captions.engine_missing, captions.language or captions.off
 */
export async function chooseTranscriber(given: Options): Promise<TranscriberChoice> {
  const choice = await selectTranscriber(given)
  assertCanTranscribe(choice.transcriber, given.request)
  return choice
}

async function selectTranscriber(given: Options): Promise<TranscriberChoice> {
  const { CAPTIONS } = given.config
  if (CAPTIONS === 'none') throw captionsDisabled
  if (CAPTIONS === 'pocketsphinx') {
    if (!hasPocketSphinx()) throw engineMissing
    return { transcriber: pocketSphinx, reason: LOW_ACCURACY_NOTE }
  }
  if (CAPTIONS === 'whisper') return { transcriber: await openWhisper(given), reason: null }
  try {
    return { transcriber: await openWhisperIfReachable(given), reason: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'captions.model_unavailable') throw error
    // Where PocketSphinx cannot do it either, what keeps Whisper from it is what has to be mended.
    if (!hasPocketSphinx() || !canTranscribe(pocketSphinx, given.request)) throw error
    return { transcriber: pocketSphinx, reason: `${error.message} ${LOW_ACCURACY_NOTE}` }
  }
}

async function openWhisperIfReachable(given: Options) {
  const key = `${given.config.MODEL_HUB} ${given.config.WHISPER_MODEL}`
  const silent = unreachableHubs.get(key)
  if (silent && Date.now() - silent.at < HUB_RETRY_MS) throw silent.error
  try {
    return await openWhisper(given)
  } catch (error) {
    if (error instanceof AppError) unreachableHubs.set(key, { at: Date.now(), error })
    throw error
  }
}

async function openWhisper({ config, signal, onStage }: Options) {
  const wanted = { dir: modelsDir(config), hub: config.MODEL_HUB, signal, onStage }
  const modelPath = await ensureModelFile(WHISPER_MODELS[config.WHISPER_MODEL], wanted)
  const vadModelPath = await ensureModelFile(VAD_MODEL, wanted)
  return createWhisper({ model: config.WHISPER_MODEL, modelPath, vadModelPath })
}

const canTranscribe = (transcriber: Transcriber, { language, translate }: CaptionRequest) =>
  (!translate || transcriber.canTranslate) &&
  (!language || !transcriber.languages || transcriber.languages.includes(language.split('-')[0]!))

function assertCanTranscribe(transcriber: Transcriber, order: CaptionRequest) {
  if (canTranscribe(transcriber, order)) return
  const what = order.translate ? 'cannot translate' : 'supports English only'
  throw new PermanentError({
    code: 'captions.language',
    message: `${transcriber.title} ${what}.`,
    advice:
      'Add captions as a .srt or .vtt file, or ask the administrator for a Whisper model that knows more languages.',
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
