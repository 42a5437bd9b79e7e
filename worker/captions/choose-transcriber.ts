import path from 'node:path'
import { AppError, PermanentError } from '@/lib/errors'
import type { CaptionOrder } from '@/lib/captions/contract'
import type { Config } from '@/lib/config'
import { hasPocketSphinx, pocketSphinx } from './pocketsphinx'
import type { Transcriber } from './transcriber'
import { modelFile } from './whisper/model-file'
import { SPEECH_MODEL, WHISPER_MODELS } from './whisper/models'
import { whisper } from './whisper/whisper'

export interface Choice {
  transcriber: Transcriber
  /** For people, where something is to be said of it. */
  reason: string | null
}

interface Given {
  config: Pick<Config, 'CAPTIONS' | 'WHISPER_MODEL' | 'MODEL_HUB' | 'DATA_DIR'>
  order: CaptionOrder
  signal: AbortSignal
  onStage(stage: string): void
}

/** A hub that did not answer is asked again after this. */
const ASK_AGAIN_MS = 10 * 60_000
const silentSince = new Map<string, { at: number; error: AppError }>()

export const modelsDir = ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>) => path.join(DATA_DIR, 'models')

/**
 * The engine that will listen. Its model is here afterwards.
 * @throws {AppError} captions.model_unavailable, captions.engine_missing, captions.language or captions.off
 */
export async function chooseTranscriber(given: Given): Promise<Choice> {
  const choice = await choose(given)
  refuseUnable(choice.transcriber, given.order)
  return choice
}

async function choose(given: Given): Promise<Choice> {
  const { CAPTIONS } = given.config
  if (CAPTIONS === 'none') throw off
  if (CAPTIONS === 'pocketsphinx') {
    if (!hasPocketSphinx()) throw missing
    return { transcriber: pocketSphinx, reason: roughly }
  }
  if (CAPTIONS === 'whisper') return { transcriber: await openWhisper(given), reason: null }
  try {
    return { transcriber: await askedLately(given), reason: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'captions.model_unavailable') throw error
    // Where PocketSphinx cannot do it either, what keeps Whisper from it is what has to be mended.
    if (!hasPocketSphinx() || !isAble(pocketSphinx, given.order)) throw error
    return { transcriber: pocketSphinx, reason: `${error.message} ${roughly}` }
  }
}

async function askedLately(given: Given) {
  const key = `${given.config.MODEL_HUB} ${given.config.WHISPER_MODEL}`
  const silent = silentSince.get(key)
  if (silent && Date.now() - silent.at < ASK_AGAIN_MS) throw silent.error
  try {
    return await openWhisper(given)
  } catch (error) {
    if (error instanceof AppError) silentSince.set(key, { at: Date.now(), error })
    throw error
  }
}

async function openWhisper({ config, signal, onStage }: Given) {
  const wanted = { dir: modelsDir(config), hub: config.MODEL_HUB, signal, onStage }
  const modelPath = await modelFile(WHISPER_MODELS[config.WHISPER_MODEL], wanted)
  const speechModelPath = await modelFile(SPEECH_MODEL, wanted)
  return whisper({ model: config.WHISPER_MODEL, modelPath, speechModelPath })
}

const isAble = (transcriber: Transcriber, { language, translate }: CaptionOrder) =>
  (!translate || transcriber.canTranslate) &&
  (!language || !transcriber.languages || transcriber.languages.includes(language.split('-')[0]!))

function refuseUnable(transcriber: Transcriber, order: CaptionOrder) {
  if (isAble(transcriber, order)) return
  const what = order.translate ? 'cannot translate' : 'understands English only'
  throw new PermanentError({
    code: 'captions.language',
    message: `${transcriber.title} ${what}.`,
    advice:
      'Add captions as a .srt or .vtt file, or ask the administrator for a Whisper model that knows more languages.',
  })
}

const roughly = 'PocketSphinx listened: about half of the words are right.'

const off = new PermanentError({
  code: 'captions.off',
  message: 'This server listens to no videos (CAPTIONS=none).',
})

const missing = new PermanentError({
  code: 'captions.engine_missing',
  message: 'PocketSphinx is not installed on this server.',
  advice: 'Ask the administrator to run npm run doctor.',
})
