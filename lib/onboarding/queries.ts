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
  if (!config().SMTP_URL)
    return { id, isDone: false, detail: 'Set SMTP_URL. Until then, only administrators see the mails.' }
  const isDown = (await db.mailPace.count({ where: { downSince: { not: null } } })) > 0
  return isDown
    ? { id, isDone: false, detail: 'The mail server rejects all mail. Check SMTP_URL.' }
    : { id, isDone: true, detail: `Mail is sent by ${new URL(config().SMTP_URL!).hostname}.` }
}

async function describeStorage(workers: WorkerRow[]): Promise<OnboardingStep> {
  const { DATA_DIR, DISK_RESERVE_BYTES, STORAGE, S3_BUCKET } = config()
  const id = 'storage'
  const problem = workers.find(({ storageProblem }) => storageProblem)?.storageProblem
  if (workers.length === 0 || problem)
    return { id, isDone: false, detail: problem ?? 'No worker is running that checks the storage.' }
  if (STORAGE === 's3') return { id, isDone: true, detail: `Files are kept in the bucket ${S3_BUCKET}.` }
  const freeBytes = await readFreeDiskBytes(DATA_DIR)
  const detail = `${formatBytes(freeBytes)} free on this computer.`
  return freeBytes > DISK_RESERVE_BYTES
    ? { id, isDone: true, detail: `${detail} For several computers, set STORAGE=s3.` }
    : { id, isDone: false, detail: `Only ${detail} Free some space, or set STORAGE=s3.` }
}

function describeModels(workers: WorkerRow[]): OnboardingStep {
  const { CAPTIONS } = config()
  const id = 'models'
  if (CAPTIONS === 'none') return { id, isDone: true, detail: 'Captions are turned off (CAPTIONS=none).' }
  if (CAPTIONS === 'pocketsphinx')
    return { id, isDone: true, detail: 'Captions use PocketSphinx, with low accuracy.' }
  const [title] = workers.flatMap(({ speechModels }) => speechModels ?? [])
  return title
    ? { id, isDone: true, detail: `Captions use ${title}.` }
    : {
        id,
        isDone: false,
        detail:
          'The first captions download a speech model. Without internet access, add one with npm run models.',
      }
}
