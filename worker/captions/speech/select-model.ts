import path from 'node:path'
import type { CaptionRequest } from '@/lib/captions/schema'
import type { Config } from '@/lib/config/config'
import { chooseModel, findSmallest, isGeneral } from './choose-model'
import { ENGINES } from './engines'
import { hasModel } from './model-files'
import { SPEECH_MODELS, type SpeechModel, VAD_MODEL } from './models'
import { findSpeed } from './speed'

export type ModelConfig = Pick<
  Config,
  'SPEECH_MODEL' | 'DATA_DIR' | 'CAPTION_THREADS' | 'CAPTION_MEMORY_BYTES'
>

interface Options {
  config: ModelConfig
  request: CaptionRequest
  signal: AbortSignal
  onStage(stage: string): void
}

interface Selection {
  /** It may have to be downloaded. */
  model: SpeechModel
  /** A model on this computer that identifies the language, on which the choice depends. */
  identifier?: SpeechModel
  /** A model on this computer, if the other one cannot be downloaded. */
  substitute?: SpeechModel
}

/** The only model that SPEECH_MODEL=auto downloads. */
const DEFAULT_MODEL = SPEECH_MODELS.base

export const modelsDir = ({ DATA_DIR }: Pick<Config, 'DATA_DIR'>) => path.join(DATA_DIR, 'models')

/** Selects the model that SPEECH_MODEL names, or with auto the best one on this computer, else the default one. */
export async function selectModel({ config, request, signal, onStage }: Options): Promise<Selection> {
  const present = await listPresentModels(config)
  const isOpen = !request.language && !request.translate
  const identifier = isOpen ? findSmallest(present.filter(isGeneral)) : undefined
  if (config.SPEECH_MODEL !== 'auto') {
    const model = SPEECH_MODELS[config.SPEECH_MODEL]
    const isUnsure = model.languages.length > 1 && !ENGINES[model.engine].detectsLanguage
    return { model, identifier: isUnsure ? identifier : undefined }
  }
  const chosen = await chooseModel({
    models: present,
    request,
    // A model that cannot be measured is not chosen where there is another.
    findSpeed: (model) => findSpeed(model, { ...speedOptions(config), signal, onStage }),
  })
  if (chosen) return { model: chosen, identifier: present.every(isGeneral) ? undefined : identifier }
  return { model: DEFAULT_MODEL, substitute: isOpen ? present.at(-1) : undefined }
}

export const speedOptions = (config: ModelConfig) => ({
  dir: modelsDir(config),
  threads: config.CAPTION_THREADS,
  memoryBytes: config.CAPTION_MEMORY_BYTES,
})

/** The models on this computer, in the order of their accuracy, without verifying them. */
export async function listPresentModels(config: Pick<Config, 'DATA_DIR'>) {
  const models = Object.values(SPEECH_MODELS)
  const exist = await Promise.all(models.map((model) => hasModel(model, modelsDir(config))))
  return models.filter((_, n) => exist[n])
}

/** Whether a model and what it needs are on this computer, without verifying them. */
export async function isComplete(model: SpeechModel, config: Pick<Config, 'DATA_DIR'>) {
  const exist = [model, VAD_MODEL].map((needed) => hasModel(needed, modelsDir(config)))
  return (await Promise.all(exist)).every(Boolean)
}
