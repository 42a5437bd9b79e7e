import type { CaptionRequest } from '@/lib/captions/schema'
import { modelSizeBytes, type SpeechModel } from './models'
import { MAX_REAL_TIME_FACTOR } from './speed'

interface Options {
  /** In the order of their accuracy. */
  models: readonly SpeechModel[]
  request: Pick<CaptionRequest, 'language' | 'translate'>
  /** The measured real-time factor of a model; null if it cannot be measured. */
  findSpeed(model: SpeechModel): Promise<number | null>
}

/**
 * Chooses by language first, then the most accurate model that keeps up; the smallest if none does. A single model is not
 * measured. Returns undefined if none supports the request. An unknown language needs a model for all languages.
 */
export async function chooseModel({ models, request, findSpeed }: Options) {
  const suitable = models.filter((model) => supportsRequest(model, request)).toReversed()
  if (suitable.length < 2) return suitable[0]
  for (const model of suitable)
    if (((await findSpeed(model)) ?? Infinity) < MAX_REAL_TIME_FACTOR) return model
  return findSmallest(suitable)
}

export const findSmallest = (models: readonly SpeechModel[]): SpeechModel | undefined =>
  models.toSorted((a, b) => modelSizeBytes(a) - modelSizeBytes(b))[0]

/** Whether it transcribes all languages, and finds out which one is spoken. */
export const isGeneral = ({ engine }: SpeechModel) => engine === 'whisper'

const supportsRequest = (model: SpeechModel, { language, translate }: Options['request']) =>
  translate
    ? model.canTranslate
    : language
      ? model.languages.includes(language.split('-')[0]!)
      : isGeneral(model)
