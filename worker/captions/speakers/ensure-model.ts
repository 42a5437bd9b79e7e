import { AppError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/caption-errors'
import type { TaskRun } from '../../runtime/handler'
import { isUnreachable } from '../choose-transcriber'
import { modelsDir } from '../speech/select-model'
import { ensureModel } from '../speech/model-files'
import { SPEAKER_MODEL } from './model'

/**
 * Downloads the model that identifies speakers if necessary. Returns why it is not available, or null.
 * @throws {AppError} captions.model_unavailable if its download was interrupted
 */
export async function ensureSpeakerModel({ context: { config }, signal, report }: TaskRun<unknown>) {
  try {
    const options = { dir: modelsDir(config), hub: config.MODEL_HUB, signal }
    await ensureModel(SPEAKER_MODEL, { ...options, onStage: (stage) => report({ stage }) })
    return null
  } catch (error) {
    if (!(error instanceof AppError) || !isUnreachable(error)) throw error
    const { host } = new URL(config.MODEL_HUB)
    return messages.speakerModelNotPresent({ host, title: SPEAKER_MODEL.title })
  }
}
