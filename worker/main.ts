import { mkdir, rm } from 'node:fs/promises'
import { log } from '@/lib/log'
import { openContext } from './context'
import { housekeeping } from './housekeeping'
import { handlers } from './registry'
import { HandOver, runTask } from './run-task'
import { RunningTasks } from './running-tasks'

const context = await openContext()
// Scratch files of runs that a crash ended belong to nobody now.
await rm(context.scratchDir, { recursive: true, force: true })
await mkdir(context.scratchDir, { recursive: true })
const running = new RunningTasks(context.db)
const stopHousekeeping = housekeeping(context)

for (const handler of handlers) {
  const { name, queue } = handler.kind
  const options = {
    includeMetadata: true,
    localConcurrency: queue.concurrency,
    batchSize: 1,
    // NOTIFY fires for new jobs only; retried, rescued and delayed ones are found by polling.
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 2,
  } as const
  await context.boss.work<{ taskId: string }, void, typeof options>(name, options, async ([job]) => {
    if (job) await runTask({ context, handler, running, job })
  })
}
log.info({ kinds: handlers.map((handler) => handler.kind.name) }, 'worker ready')

let ending = false
async function end() {
  if (ending) return
  ending = true
  log.info({ tasks: running.size }, 'worker stopping')
  stopHousekeeping()
  const stopped = context.boss.stop({ graceful: true, timeout: 15_000 })
  // A job fetched at the last moment is handed over as well.
  const handOver = setInterval(() => running.abortAll(new HandOver()), 100)
  running.abortAll(new HandOver())
  await stopped
  clearInterval(handOver)
  running.end()
  await context.db.$disconnect()
  process.exit(0)
}
process.once('SIGTERM', () => void end())
process.once('SIGINT', () => void end())
// Started by `npm start`: when that is gone, so are we.
process.once('disconnect', () => void end())
