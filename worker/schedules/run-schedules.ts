import { runEvery } from '@/lib/concurrency/run-every'
import { log } from '@/lib/log'
import { scheduleQueueName, type ScheduleName, scheduleNames, usesStorage } from '@/lib/schedules/schedules'
import type { WorkerContext } from '../context'
import { scheduleHandlers } from './registry'
import type { ScheduleHandler, ScheduleOutcome } from './schedule-handler'

const OPTIONS = { pollingIntervalSeconds: 5, notifyPollingIntervalSeconds: 5 }
const STORAGE_CHECK_MS = 1_000

interface Options {
  handlers?: Record<ScheduleName, ScheduleHandler>
  /** Why this worker must touch no files; default: it may. */
  storageProblem?: () => string | null
}

/**
 * Starts consuming due runs of the schedules, each of which pg-boss delivers to one worker. Those that use storage are left
 * to other workers while this one has a storage problem. @returns an async stop
 */
export async function runSchedules(context: WorkerContext, options: Options = {}) {
  const { handlers = scheduleHandlers, storageProblem = () => null } = options
  const { boss } = context
  const consumed = new Set<ScheduleName>()
  const consume = async (name: ScheduleName) => {
    consumed.add(name)
    await boss.work<object, ScheduleOutcome>(scheduleQueueName(name), OPTIONS, async () => {
      const outcome = await handlers[name](context, await readMemory(context, name))
      log.info({ schedule: name, ...outcome }, 'schedule done')
      return outcome
    })
  }
  const release = async (name: ScheduleName) => {
    consumed.delete(name)
    await boss.offWork(scheduleQueueName(name))
  }
  const applyStorageProblem = async () => {
    for (const name of scheduleNames) {
      const isOpen = !(usesStorage(name) && storageProblem())
      if (isOpen && !consumed.has(name)) await consume(name)
      if (!isOpen && consumed.has(name)) await release(name)
    }
  }
  await applyStorageProblem()
  const stopChecks = runEvery({
    work: applyStorageProblem,
    pauseMs: STORAGE_CHECK_MS,
    initialDelayMs: STORAGE_CHECK_MS,
    failureMessage: 'could not open or close schedules',
  })
  return async () => {
    await stopChecks()
    for (const name of consumed) await release(name)
  }
}

/** Returns the `memory` of the last successful run. */
async function readMemory({ db }: WorkerContext, name: ScheduleName) {
  const [last] = await db.$queryRaw<{ output: { memory?: unknown } | null }[]>`
    SELECT output FROM pgboss.job WHERE name = ${scheduleQueueName(name)} AND state = 'completed'
    ORDER BY completed_on DESC LIMIT 1`
  return last?.output?.memory
}
