import { log } from '@/lib/log'
import { installQueue } from '@/lib/tasks/boss'
import { whenAskedToEnd } from '@/lib/when-asked-to-end'
import { consume, sharedQueues } from './consume'
import { openContext } from './context'
import { handOverAll } from './hand-over'
import { housekeeping } from './housekeeping'
import { joinAsHost } from './machines/join-as-host'
import { handlers } from './registry'
import { RunningTasks } from './running-tasks'
import { runSchedules } from './schedules/run-schedules'
import { prepareScratch } from './scratch'

/** With what ending takes, less than the patience of `npm start`. */
const LONGEST_START_MS = 8_000

// It has tasks in hand before all of it has started, and hands over what it has only when it ends in order.
const started = Promise.withResolvers<Awaited<ReturnType<typeof start>>>()
whenAskedToEnd(async () => {
  const patience = setTimeout(() => process.exit(1), LONGEST_START_MS)
  const all = await started.promise
  clearTimeout(patience)
  await end(all)
})
started.resolve(await start())

async function start() {
  const context = await openContext()
  await prepareScratch(context.scratchDir)
  const running = new RunningTasks(context.db)
  const stopHousekeeping = housekeeping(context)

  for (const { kind } of handlers.values()) await installQueue(context.boss, kind)
  await consume({ context, handlers, running, queues: sharedQueues(handlers) })
  await runSchedules(context)
  const host = await joinAsHost({ context, handlers, running })
  log.info({ kinds: [...handlers.keys()] }, 'worker ready')
  return { context, running, stopHousekeeping, host }
}

async function end({ context, running, stopHousekeeping, host }: Awaited<ReturnType<typeof start>>) {
  log.info({ tasks: running.size }, 'worker stopping')
  stopHousekeeping()
  host?.beginEnd()
  await handOverAll({ boss: context.boss, running }, { timeoutMs: 15_000 })
  await host?.end()
  await context.mailer?.close()
  await context.db.$disconnect()
  process.exit(0)
}
