import { setTimeout as delay } from 'node:timers/promises'
import { databaseUrl, openDb } from '@/lib/database/db'
import { registerAllTasks } from '@/lib/register-tasks'
import { openBoss } from '@/lib/tasks/boss'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { consumeQueues } from '@/worker/runtime/consume'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskRun } from '@/worker/runtime/handler'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { SCRIPTED_VIDEOS } from './scripted-videos'

// A worker process whose handler acts by the video id of its payload, for tests of process failures.
const scripts: Record<string, (run: TaskRun<{ videoId: string }>) => Promise<void>> = {
  [SCRIPTED_VIDEOS.killsWorker]: async () => {
    await delay(1_000)
    process.kill(process.pid, 'SIGKILL')
    await delay(60_000)
  },
  [SCRIPTED_VIDEOS.takesSeconds]: () => delay(3_000),
  [SCRIPTED_VIDEOS.writesRepeatedly]: async (run) => {
    for (let n = 0; n < 20; n++) {
      await delay(250)
      await run.write(async (tx) => {
        const id = `${run.taskId} ${process.pid} ${n}`
        const at = new Date()
        await tx.verification.create({ data: { id, identifier: run.taskId, value: 'write', expiresAt: at } })
      })
    }
  },
}

registerAllTasks()
const url = databaseUrl()
const [db, boss] = [openDb({ url }), openBoss({ url, supervise: true })]
await boss.start()
const context = { db, boss } as WorkerContext
const kind = { ...inspectVideoTask, queue: { ...inspectVideoTask.queue, maxDeaths: 3 } }
const handler = defineHandler({
  kind,
  async run(run) {
    await scripts[run.payload.videoId]!(run)
    return { result: { by: process.pid } }
  },
})
const running = new RunningTasks(db)
const queues = [{ name: kind.name, slots: 4 }]
await consumeQueues({ context, handlers: new Map([[kind.name, handler]]), running, queues })
process.send?.('ready')
