import { setTimeout as delay } from 'node:timers/promises'
import { databaseUrl, openDb } from '@/lib/db'
import { openBoss } from '@/lib/tasks/boss'
import { inspectVideo } from '@/lib/videos/kinds'
import { consume } from '@/worker/consume'
import type { WorkerContext } from '@/worker/context'
import { handle, type Run } from '@/worker/handler'
import { RunningTasks } from '@/worker/running-tasks'
import { TOLD } from './told'

// A worker process whose handler does what the payload tells: the faults it is made for are those of a process.
const work: Record<string, (run: Run<{ videoId: string }>) => Promise<void>> = {
  [TOLD.kill]: async () => {
    await delay(1_000)
    process.kill(process.pid, 'SIGKILL')
    await delay(60_000)
  },
  [TOLD.takeTime]: () => delay(3_000),
  [TOLD.writeOn]: async (run) => {
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

const url = databaseUrl()
const [db, boss] = [openDb({ url }), openBoss({ url, supervise: true })]
await boss.start()
const context = { db, boss } as WorkerContext
const kind = { ...inspectVideo, queue: { ...inspectVideo.queue, maxDeaths: 3 } }
const handler = handle({
  kind,
  async run(run) {
    await work[run.payload.videoId]!(run)
    return { result: { by: process.pid } }
  },
})
const running = new RunningTasks(db)
const queues = [{ name: kind.name, slots: 4 }]
await consume({ context, handlers: new Map([[kind.name, handler]]), running, queues })
process.send?.('ready')
