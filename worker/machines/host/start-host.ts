import { hostname } from 'node:os'
import { runEvery } from '@/lib/concurrency/run-every'
import { log } from '@/lib/log'
import { installQueue } from '@/lib/tasks/boss'
import { readForwardablePorts } from '@/lib/machines/host-ports'
import { machineKinds, provisionMachineTask } from '@/lib/machines/tasks'
import { queueNameOf } from '@/lib/tasks/task-kind'
import { consumeQueues, type Queue } from '@/worker/runtime/consume'
import type { WorkerContext } from '@/worker/context'
import type { TaskHandler } from '@/worker/runtime/handler'
import type { Intake } from '@/worker/runtime/intake'
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
  /** Default: takes from all queues. */
  intake?: Intake
  /** Called once it consumes the queues of the host. */
  onActive?(): Promise<unknown>
}

const HEARTBEAT_INTERVAL_MS = 4_000
/** The inventory changes when an administrator adds an image or a disk fills up. */
const INVENTORY_REFRESH_MS = 30_000

/**
 * Serves this host's consoles and ports and acquires its lease, as soon as no other live worker holds it. With the lease this
 * worker consumes the host's queues, forwards its ports and reconciles its machines.
 */
export async function startHost(deps: Deps) {
  const { host, db, boss, config } = deps.context
  if (!host) return null
  const { hypervisor } = host
  const connections = new ConnectionLimiter(hypervisor)
  const ports = new PortForwarder({ db, hostId: host.id, connections })
  const server = await startHostServer({ hypervisor, connections, ports, config })
  const lease = { hostId: host.id, name: hostname(), consoleUrl: server.url }
  let inventory = await readHostInventory(hypervisor)
  const stops: (() => Promise<unknown>)[] = []
  let isActive = false
  const renewLease = async () => {
    if (!(await acquireHostLease(db, { ...lease, ...inventory })) || isActive) return
    isActive = true
    await consumeHostQueues(deps, host)
    await deps.onActive?.()
    ports.enable(readForwardablePorts(config, server.port))
    stops.push(startReconcileLoop({ db, boss, host, ports }), prewarmTemplates(hypervisor), () =>
      ports.stop(),
    )
    log.info({ hostId: host.id, hypervisor: hypervisor.name }, 'host lease acquired')
  }
  const failureMessage = 'host lease not renewed'
  await renewLease().catch((error: unknown) => log.warn({ err: error }, failureMessage))
  const stopHeartbeat = runEvery({
    work: renewLease,
    pauseMs: HEARTBEAT_INTERVAL_MS,
    initialDelayMs: HEARTBEAT_INTERVAL_MS,
    failureMessage,
  })
  const stopRefresh = runEvery({
    work: async () => void (inventory = await readHostInventory(hypervisor)),
    pauseMs: INVENTORY_REFRESH_MS,
    initialDelayMs: INVENTORY_REFRESH_MS,
    failureMessage: 'host inventory not refreshed',
  })
  let stopped: Promise<unknown> = Promise.resolve()
  return {
    /** Stops renewing the lease, reconciling and forwarding ports. Returns before these have settled. */
    beginShutdown() {
      const stopAll = () => Promise.all(stops.splice(0).map((stop) => stop()))
      // A renewal in progress may be the one that activates this host.
      stopped = Promise.all([stopAll(), stopHeartbeat().then(stopAll)])
      // Not awaited: reading an inventory may take minutes, and has no effect any more.
      void stopRefresh()
    },
    /** Waits for what `beginShutdown` stopped and closes the hypervisor. Running machines keep running. */
    async shutdown() {
      await stopped
      await server.close()
      await hypervisor.close()
    },
  }
}

async function consumeHostQueues(deps: Deps, host: LocalMachineHost) {
  const hostQueues = new Map(machineKinds.map((kind) => [queueNameOf(kind, host.id), kind]))
  if (!deps.intake?.drainReason)
    for (const [name, kind] of hostQueues) await installQueue(deps.context.boss, kind, name)
  // New machines without a host wait in the queue that all hosts share.
  hostQueues.set(provisionMachineTask.name, provisionMachineTask)
  const queues = [...hostQueues].map(([name, kind]): Queue => ({ name, slots: kind.queue.concurrency }))
  await consumeQueues({ ...deps, queues })
}
