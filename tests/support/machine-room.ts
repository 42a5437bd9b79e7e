import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect } from 'vitest'
import { config } from '@/lib/config'
import { type MachineOrderInput, machineOrderSchema } from '@/lib/machines/contract'
import { orderMachine } from '@/lib/machines/order'
import { getMachine } from '@/lib/machines/queries'
import { openBoss } from '@/lib/tasks/boss'
import type { WorkerContext } from '@/worker/context'
import { joinAsHost } from '@/worker/machines/join-as-host'
import { MachineHost } from '@/worker/machines/machine-host'
import { handOverAll } from '@/worker/hand-over'
import { handlers } from '@/worker/registry'
import { RunningTasks } from '@/worker/running-tasks'
import { createOwner, type useDatabase } from './database'
import { WatchedHypervisor } from './watched-hypervisor'

/** A worker that runs pretended machines, in this process, and somebody who orders them. */
export function useMachineRoom(database: ReturnType<typeof useDatabase>) {
  process.env.AUTH_SECRET ??= randomUUID()
  const hypervisor = new WatchedHypervisor({ stageMs: 5 })
  const host = new MachineHost(randomUUID(), hypervisor)
  let boss: PgBoss
  let ownerId: string
  const room = {
    hypervisor,
    host,
    worker: undefined as Awaited<ReturnType<typeof startWorker>> | undefined,
    get boss() {
      return boss
    },
    get ownerId() {
      return ownerId
    },
    get context() {
      return { db: database.db, boss, host, config: config() } as WorkerContext
    },
    given: () => ({ db: database.db, boss }),
    target: (id: string) => ({ db: database.db, boss, id, ownerId, actorId: ownerId }),
    /** Orders a machine; what is not said is the least. */
    order: (order: MachineOrderInput = {}, idempotencyKey?: string, by = ownerId) =>
      orderMachine(
        { db: database.db, boss },
        { ownerId: by, order: machineOrderSchema.parse(order), idempotencyKey },
      ),
    machine: (id: string) => getMachine(database.db, { id, ownerId }),
    task: (id: string) => database.db.task.findUniqueOrThrow({ where: { id } }),
    /** Waits until the machine is in `state`. */
    async becomes(id: string, state: string) {
      await expect
        .poll(async () => (await room.machine(id)).state, { timeout: 30_000, interval: 20 })
        .toBe(state)
    },
    startWorker: async () => (room.worker = await startWorker(room.context)),
  }
  beforeAll(async () => {
    boss = await openBoss({ url: database.url, supervise: true }).start()
    ownerId = (await createOwner(database.db)).id
  })
  afterAll(async () => {
    await room.worker?.stop()
    await boss.stop({ graceful: false })
  })
  return room
}

async function startWorker(context: WorkerContext) {
  const running = new RunningTasks(context.db)
  const joined = await joinAsHost({ context, handlers, running })
  return {
    running,
    async stop() {
      joined?.beginEnd()
      await handOverAll({ boss: context.boss, running }, { timeoutMs: 5_000 })
      await joined?.end()
    },
  }
}
