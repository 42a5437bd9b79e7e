import { config } from '@/lib/config/config'
import { log } from '@/lib/log'
import { installQueue } from '@/lib/tasks/boss'
import { onShutdown } from '@/lib/process/on-shutdown'
import { secureDataDir } from '@/lib/process/secure-data-dir'
import { registerAllTasks } from '@/lib/register-tasks'
import { consumeQueues, sharedQueues } from './runtime/consume'
import { openContext } from './context'
import { createCgroups, removeCgroups } from './process/cgroups'
import { shutDownWorker } from './runtime/shutdown'
import { startMaintenance } from './runtime/maintenance'
import { startHost } from './machines/host/start-host'
import { handlers } from './registry'
import { RunningTasks } from './runtime/running-tasks'
import { runSchedules } from './schedules/run-schedules'
import { prepareScratchDir } from './runtime/scratch'

/** Together with the time of a shutdown, less than the stop timeout of `npm start`. */
const MAX_STARTUP_MS = 8_000

// A signal during startup takes effect afterwards, so that the shutdown requeues tasks that have already started.
const started = Promise.withResolvers<Awaited<ReturnType<typeof startWorker>>>()
onShutdown(async () => {
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
  const context = await openContext()
  await prepareScratchDir(context.scratchDir)
  const running = new RunningTasks(context.db)
  const stopMaintenance = startMaintenance(context)

  for (const { kind } of handlers.values()) await installQueue(context.boss, kind)
  await consumeQueues({ context, handlers, running, queues: sharedQueues(handlers) })
  await runSchedules(context)
  const host = await startHost({ context, handlers, running })
  log.info({ kinds: [...handlers.keys()] }, 'worker ready')
  return { context, running, stopMaintenance, host }
}

async function stopWorker({
  context,
  running,
  stopMaintenance,
  host,
}: Awaited<ReturnType<typeof startWorker>>) {
  log.info({ tasks: running.size }, 'worker stopping')
  host?.beginShutdown()
  await Promise.all([
    stopMaintenance(),
    shutDownWorker({ boss: context.boss, running }, { timeoutMs: 15_000 }),
  ])
  await host?.shutdown()
  await context.mailer?.close()
  await context.db.$disconnect()
  removeCgroups()
  process.exit(0)
}
