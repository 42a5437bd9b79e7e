import * as messages from '@/lib/generated/messages/onboarding-steps'
import { PROCESS_TIMEOUT } from '../cluster/queries'
import { config } from '../config/config'
import type { Db } from '../database/db'
import { readFreeDiskBytes } from '../storage/free-disk'
import { formatBytes } from '../text/format-bytes'
import type { OnboardingStep } from './schema'

/** The first steps of an administrator, by the actual state of the server; null once they are done or dismissed. */
export async function readOpenOnboarding(db: Db, userId: string) {
  const where = { id: userId, role: 'admin', onboardingDismissedAt: null }
  if ((await db.user.count({ where })) === 0) return null
  const steps = await readOnboardingSteps(db)
  return steps.every(({ isDone }) => isDone) ? null : steps
}

export async function readOnboardingSteps(db: Db): Promise<OnboardingStep[]> {
  const [workers, mail] = await Promise.all([
    db.$queryRaw<WorkerRow[]>`
      SELECT "storageProblem", "speechModels" FROM worker_beat
      WHERE role = 'worker' AND "seenAt" > now() - ${PROCESS_TIMEOUT}::interval`,
    describeMail(db),
  ])
  return [mail, await describeStorage(workers), describeModels(workers)]
}

interface WorkerRow {
  storageProblem: string | null
  speechModels: string[] | null
}

async function describeMail(db: Db): Promise<OnboardingStep> {
  const id = 'mail'
  if (!config().SMTP_URL) return { id, isDone: false, detail: messages.noSmtp() }
  const isDown = (await db.mailPace.count({ where: { downSince: { not: null } } })) > 0
  return isDown
    ? { id, isDone: false, detail: messages.smtpDown() }
    : { id, isDone: true, detail: messages.smtpHost({ host: new URL(config().SMTP_URL!).hostname }) }
}

async function describeStorage(workers: WorkerRow[]): Promise<OnboardingStep> {
  const { DATA_DIR, DISK_RESERVE_BYTES, STORAGE, S3_BUCKET } = config()
  const id = 'storage'
  const problem = workers.find(({ storageProblem }) => storageProblem)?.storageProblem
  if (workers.length === 0 || problem) return { id, isDone: false, detail: problem ?? messages.noWorker() }
  if (STORAGE === 's3') return { id, isDone: true, detail: messages.bucket({ bucket: S3_BUCKET ?? '' }) }
  const freeBytes = await readFreeDiskBytes(DATA_DIR)
  const size = formatBytes(freeBytes)
  return freeBytes > DISK_RESERVE_BYTES
    ? { id, isDone: true, detail: messages.freeSpace({ size }) }
    : { id, isDone: false, detail: messages.littleSpace({ size }) }
}

function describeModels(workers: WorkerRow[]): OnboardingStep {
  const { CAPTIONS } = config()
  const id = 'models'
  if (CAPTIONS === 'none') return { id, isDone: true, detail: messages.captionsOff() }
  if (CAPTIONS === 'pocketsphinx') return { id, isDone: true, detail: messages.pocketSphinx() }
  const [title] = workers.flatMap(({ speechModels }) => speechModels ?? [])
  return title
    ? { id, isDone: true, detail: messages.speechModel({ model: title }) }
    : {
        id,
        isDone: false,
        detail: messages.modelDownload(),
      }
}
