import { hostname } from 'node:os'
import { log } from '@/lib/log'
import { installQueue } from '@/lib/tasks/boss'
import { machineKinds, provisionMachineTask } from '@/lib/machines/tasks'
import { queueNameOf } from '@/lib/tasks/task-kind'
import { consumeQueues, type Queue } from '@/worker/runtime/consume'
import type { WorkerContext } from '@/worker/context'
import type { TaskHandler } from '@/worker/runtime/handler'
import type { RunningTasks } from '@/worker/runtime/running-tasks'
import { readHostInventory, acquireHostLease } from './host-lease'
import type { LocalMachineHost } from './local-machine-host'
import { startReconcileLoop } from '../reconcile/reconcile-loop'
import { prewarmTemplates } from './prewarm-templates'
import { PortForwarder } from './ports/port-forwarder'
import { ConnectionLimiter } from './ports/connection-limiter'
import { startHostServer } from './host-server'

interface Deps {
  context: WorkerContext
  handlers: ReadonlyMap<string, TaskHandler>
  running: RunningTasks
}

const HEARTBEAT_INTERVAL_MS = 4_000
/** What can be offered changes when an administrator adds an image, or a disk is full. */
const INVENTORY_REFRESH_MS = 30_000

/**
 * Has this worker speak for the host whose machines lie in its DATA_DIR, as soon as no other one does:
 * it takes the host's work, serves its consoles and ports, and keeps its machines as they are wanted.
 */
export async function startHost(given: Deps) {
  const { host, db, config } = given.context
  if (!host) return null
  const { hypervisor } = host
  const door = new ConnectionLimiter(hypervisor)
  const ports = new PortForwarder({ db, hostId: host.id, door })
  const served = await startHostServer({ hypervisor, door, ports, config })
  const lease = { hostId: host.id, name: hostname(), consoleUrl: served.url }
  let offer = await readHostInventory(hypervisor)
  const ends: (() => Promise<unknown>)[] = []
  let ended: Promise<unknown> = Promise.resolve()
  let hasJoined = false
  const beat = async () => {
    if (!(await acquireHostLease(db, { ...lease, ...offer })) || hasJoined) return
    hasJoined = true
    await consumeHostQueues(given, host)
    ports.enable()
    ends.push(startReconcileLoop(given.context, host, ports), prewarmTemplates(host), () => ports.stop())
    log.info({ hostId: host.id, hypervisor: hypervisor.name }, 'runs machines')
  }
  const beatSafely = () =>
    beat().catch((error: unknown) => log.warn({ err: error }, 'could not tell that this host lives'))
  let beaten = beatSafely()
  await beaten
  const timer = setInterval(() => (beaten = beatSafely()), HEARTBEAT_INTERVAL_MS)
  const look = setInterval(
    () => void readHostInventory(hypervisor).then((now) => (offer = now), logRefreshFailure),
    INVENTORY_REFRESH_MS,
  )
  return {
    /** Starts nothing more. */
    beginEnd() {
      clearInterval(timer)
      clearInterval(look)
      const endAll = () => Promise.all(ends.splice(0).map((end) => end()))
      // A beat that is under way may be the one that joins.
      ended = Promise.all([endAll(), beaten.then(endAll)])
    },
    /** The machines go on running. */
    async end() {
      await ended
      await served.close()
      await hypervisor.close()
    },
  }
}

/** What was known stays. */
const logRefreshFailure = (error: unknown) => log.warn({ err: error }, 'could not look at the hypervisor')

async function consumeHostQueues(given: Deps, host: LocalMachineHost) {
  const lanes = new Map(machineKinds.map((kind) => [queueNameOf(kind, host.id), kind]))
  for (const [name, kind] of lanes) await installQueue(given.context.boss, kind, name)
  // Orders that no host has taken yet wait in a queue of their own.
  lanes.set(provisionMachineTask.name, provisionMachineTask)
  const queues = [...lanes].map(([name, kind]): Queue => ({ name, slots: kind.queue.concurrency }))
  await consumeQueues({ ...given, queues })
}
