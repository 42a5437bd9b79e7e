import type { Intake } from './intake'
import { type StorageCheck } from '@/lib/storage/check-storage'
import { config } from '@/lib/config/config'
import { log } from '@/lib/log'
import { listPresentModels } from '../captions/speech/select-model'
import { checkSandbox } from '../process/check-sandbox'
import type { EncoderProbe } from '../video/encoders/encoder-probe'

const sandboxCheck = checkSandbox()

/** What this worker reports with its heartbeat. Closes the queues that need a storage while it is unusable. */
export async function reportWorker(
  { intake, encoders }: { intake: Intake; encoders?: EncoderProbe },
  { problem: storageProblem }: StorageCheck,
) {
  if (storageProblem !== intake.storageProblem)
    log[storageProblem ? 'warn' : 'info']({ storageProblem }, 'storage check changed')
  intake.storageProblem = storageProblem
  const { problem, warning } = await sandboxCheck
  return {
    problem,
    warning,
    queues: intake.openQueues,
    drainReason: intake.drainReason,
    videoEncoder: encoders?.current.encoder,
    encoderProblem: encoders?.current.problem,
    speechModels: (await listPresentModels(config())).map(({ title }) => title),
  }
}
