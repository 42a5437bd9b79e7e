import { log } from '@/lib/log'
import { installQueue } from '@/lib/tasks/boss'
import { consume, sharedQueues } from './consume'
import { openContext } from './context'
import { housekeeping } from './housekeeping'
import { joinAsHost } from './machines/join-as-host'
import { handlers } from './registry'
import { HandOver } from './settle'
import { RunningTasks } from './running-tasks'
import { runSchedules } from './schedules/run-schedules'
import { prepareScratch } from './scratch'

const context = await openContext()
await prepareScratch(context.scratchDir)
const running = new RunningTasks(context.db)
const stopHousekeeping = housekeeping(context)

for (const { kind } of handlers.values()) await installQueue(context.boss, kind)
await consume({ context, handlers, running, queues: sharedQueues(handlers) })
await runSchedules(context)
const host = await joinAsHost({ context, handlers, running })
log.info({ kinds: [...handlers.keys()] }, 'worker ready')

let ending = false
async function end() {
  if (ending) return
  ending = true
  log.info({ tasks: running.size }, 'worker stopping')
  stopHousekeeping()
  host?.beginEnd()
  const stopped = context.boss.stop({ graceful: true, timeout: 15_000 })
  // A job fetched at the last moment is handed over as well.
  const handOver = setInterval(() => running.abortAll(new HandOver()), 100)
  running.abortAll(new HandOver())
  await stopped
  clearInterval(handOver)
  running.end()
  await host?.end()
  await context.mailer?.close()
  await context.db.$disconnect()
  process.exit(0)
}
process.once('SIGTERM', () => void end())
process.once('SIGINT', () => void end())
// Started by `npm start`: when that is gone, so are we.
process.once('disconnect', () => void end())
