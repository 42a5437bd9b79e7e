import { startHeartbeat } from '@/lib/cluster/heartbeat'
import { config } from '@/lib/config/config'
import { importFileTask } from '@/lib/imports/tasks'
import { log } from '@/lib/log'
import { installQueue } from '@/lib/tasks/boss'
import { onShutdown } from '@/lib/process/on-shutdown'
import { secureDataDir } from '@/lib/process/secure-data-dir'
import { registerAllTasks } from '@/lib/register-tasks'
import { consumeQueues, sharedQueues } from './runtime/consume'
import { openContext, type WorkerContext } from './context'
import { createCgroups, removeCgroups } from './process/cgroups'
import { checkReleaseOrExit, drainWhenOutdated } from './runtime/drain'
import { Intake } from './runtime/intake'
import { reportWorker } from './runtime/report-worker'
import { shutDownWorker } from './runtime/shutdown'
import { startMaintenance } from './runtime/maintenance'
import { watchFolder } from './imports/watch-folder'
import { startHost } from './machines/host/start-host'
import { takenHandlers } from './registry'
import { RunningTasks } from './runtime/running-tasks'
import { runSchedules } from './schedules/run-schedules'
import { prepareScratchDir } from './runtime/scratch'

/** Together with the time of a shutdown, less than the stop timeout of `npm start`. */
const MAX_STARTUP_MS = 8_000

// A signal during startup takes effect afterwards, so that the shutdown requeues tasks that have already started.
const started = Promise.withResolvers<Awaited<ReturnType<typeof startWorker>>>()
const shutDown = onShutdown(async () => {
  const timeout = setTimeout(() => process.exit(1), MAX_STARTUP_MS)
  const worker = await started.promise
  clearTimeout(timeout)
  await stopWorker(worker)
})
secureDataDir(config().DATA_DIR)
registerAllTasks()
started.resolve(await startWorker())

async function startWorker() {
  createCgroups()
  const taken = takenHandlers()
  const takesMachines = [...taken.values()].some(({ kind }) => kind.queue.hostQueue)
  const context = await openContext({ takesMachines })
  const { db } = context
  const intake = new Intake()
  await checkReleaseOrExit(db, intake)
  await prepareScratchDir(context.scratchDir)
  const running = new RunningTasks(db)
  const heartbeat = startHeartbeat({
    db,
    storage: context.storage,
    role: 'worker',
    report: (storage) => reportWorker({ intake, encoders: context.encoders }, storage),
  })
  const queues = sharedQueues(taken)
  for (const queue of queues) intake.add(queue)
  // Chunks that are planned for hardware are taken by workers that report it.
  await context.encoders?.ready
  // Before the queues open, because a storage problem keeps some closed.
  await heartbeat.beat()
  const stopUpkeep = intake.drainReason ? async () => {} : await startUpkeep(context, taken, intake)
  const deps = { context, handlers: taken, running, intake }
  await consumeQueues({ ...deps, queues })
  const host = await startHost({ ...deps, onActive: heartbeat.beat })
  const onDrain = () => Promise.all([stopUpkeep(), heartbeat.beat()])
  drainWhenOutdated({ db, running, intake, onDrain, shutDown })
  log.info({ queues: intake.openQueues }, 'worker ready')
  return { context, running, heartbeat, stopUpkeep, host }
}

/** Starts what a worker does beside its tasks. @returns an async, idempotent stop */
async function startUpkeep(context: WorkerContext, taken: ReturnType<typeof takenHandlers>, intake: Intake) {
  const stopMaintenance = startMaintenance(context)
  for (const { kind } of taken.values()) await installQueue(context.boss, kind)
  const stopSchedules = await runSchedules(context, { storageProblem: () => intake.storageProblem })
  const stopWatching = startWatching(context, taken)
  return async () => void (await Promise.all([stopMaintenance(), stopSchedules(), stopWatching?.()]))
}

/** Starts to import files of the watched folder, if there is one and this worker takes their tasks. */
function startWatching(context: WorkerContext, taken: ReturnType<typeof takenHandlers>) {
  const { WATCH_DIR: dir, WATCH_OWNER: owner } = context.config
  return dir && owner && taken.has(importFileTask.name) ? watchFolder(context, { dir, owner }) : undefined
}

async function stopWorker({
  context,
  running,
  heartbeat,
  stopUpkeep,
  host,
}: Awaited<ReturnType<typeof startWorker>>) {
  log.info({ tasks: running.size }, 'worker stopping')
  host?.beginShutdown()
  await Promise.all([stopUpkeep(), shutDownWorker({ boss: context.boss, running }, { timeoutMs: 15_000 })])
  await heartbeat.stop()
  await host?.shutdown()
  await context.mailer?.close()
  await context.db.$disconnect()
  removeCgroups()
  process.exit(0)
}
