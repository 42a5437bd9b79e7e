import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect } from 'vitest'
import { config } from '@/lib/config/config'
import { type CreateMachineInput, createMachineSchema } from '@/lib/machines/schema'
import { createMachine } from '@/lib/machines/create-machine'
import { getMachine } from '@/lib/machines/queries'
import { openBoss } from '@/lib/tasks/boss'
import type { WorkerContext } from '@/worker/context'
import { startHost } from '@/worker/machines/host/start-host'
import { LocalMachineHost } from '@/worker/machines/host/local-machine-host'
import { shutDownWorker } from '@/worker/runtime/shutdown'
import { handlers } from '@/worker/registry'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import { createOwner, type useDatabase } from './database'
import { InstrumentedHypervisor } from './instrumented-hypervisor'

/** A worker with fake machines in this process, and a user who owns them. */
export function useMachineFixture(database: ReturnType<typeof useDatabase>) {
  const hypervisor = new InstrumentedHypervisor({ stageMs: 5, fleet: 'fleet' })
  const host = new LocalMachineHost(randomUUID(), hypervisor)
  let boss: PgBoss
  let ownerId: string
  const fixture = {
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
    deps: () => ({ db: database.db, boss }),
    target: (id: string) => ({ db: database.db, boss, id, ownerId, actorId: ownerId }),
    /** Creates a machine of the fixture's user, or of another. Fields that are left out have their defaults. */
    createMachine: (
      request: CreateMachineInput = {},
      more: { idempotencyKey?: string; ownerId?: string } = {},
    ) =>
      createMachine(
        { db: database.db, boss },
        { ownerId, request: createMachineSchema.parse(request), ...more },
      ),
    readMachine: (id: string) => getMachine(database.db, { id, ownerId }),
    readTask: (id: string) => database.db.task.findUniqueOrThrow({ where: { id } }),
    /** Waits until the machine is in `state`. */
    async waitForState(id: string, state: string) {
      await expect
        .poll(async () => (await fixture.readMachine(id)).state, { timeout: 30_000, interval: 20 })
        .toBe(state)
    },
    startWorker: async () => (fixture.worker = await startWorker(fixture.context)),
  }
  beforeAll(async () => {
    boss = await openBoss({ url: database.url, supervise: true }).start()
    ownerId = (await createOwner(database.db)).id
  })
  afterAll(async () => {
    await fixture.worker?.stop()
    await boss.stop({ graceful: false })
  })
  return fixture
}

async function startWorker(context: WorkerContext) {
  const running = new RunningTasks(context.db)
  const host = await startHost({ context, handlers, running })
  return {
    running,
    async stop() {
      host?.beginShutdown()
      await shutDownWorker({ boss: context.boss, running }, { timeoutMs: 5_000 })
      await host?.shutdown()
    },
  }
}
