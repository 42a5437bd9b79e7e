import { hostname } from 'node:os'
import { log } from '@/lib/log'
import { installQueue } from '@/lib/tasks/boss'
import { machineKinds, provisionMachine } from '@/lib/machines/kinds'
import { queueOf } from '@/lib/tasks/kind'
import { consume, type Queue } from '../consume'
import type { WorkerContext } from '../context'
import type { TaskHandler } from '../handler'
import type { RunningTasks } from '../running-tasks'
import { offerOf, takeLease } from './lease'
import type { MachineHost } from './machine-host'
import { keepReconciled } from './reconcile/keep-reconciled'
import { keepTemplates } from './keep-templates'
import { ForwardedPorts } from './ports/forwarded-ports'
import { GuestDoor } from './ports/guest-door'
import { serveHost } from './serve-host'

interface Given {
  context: WorkerContext
  handlers: ReadonlyMap<string, TaskHandler>
  running: RunningTasks
}

const BEAT_MS = 4_000
/** What can be offered changes when an administrator adds an image, or a disk is full. */
const LOOK_MS = 30_000

/**
 * Has this worker speak for the host whose machines lie in its DATA_DIR, as soon as no other one does:
 * it takes the host's work, serves its consoles and ports, and keeps its machines as they are wanted.
 */
export async function joinAsHost(given: Given) {
  const { host, db, config } = given.context
  if (!host) return null
  const { hypervisor } = host
  const door = new GuestDoor(hypervisor)
  const ports = new ForwardedPorts({ db, hostId: host.id, door })
  const served = await serveHost({ hypervisor, door, ports, config })
  const lease = { hostId: host.id, name: hostname(), consoleUrl: served.url }
  let offer = await offerOf(hypervisor)
  const ends: (() => Promise<unknown>)[] = []
  let ended: Promise<unknown> = Promise.resolve()
  let hasJoined = false
  const beat = async () => {
    if (!(await takeLease(db, { ...lease, ...offer })) || hasJoined) return
    hasJoined = true
    await takeWork(given, host)
    ports.begin()
    ends.push(keepReconciled(given.context, host, ports), keepTemplates(host), () => ports.end())
    log.info({ hostId: host.id, hypervisor: hypervisor.name }, 'runs machines')
  }
  const beatSafely = () =>
    beat().catch((error: unknown) => log.warn({ err: error }, 'could not tell that this host lives'))
  let beaten = beatSafely()
  await beaten
  const timer = setInterval(() => (beaten = beatSafely()), BEAT_MS)
  const look = setInterval(() => void offerOf(hypervisor).then((now) => (offer = now), ignore), LOOK_MS)
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
const ignore = (error: unknown) => log.warn({ err: error }, 'could not look at the hypervisor')

async function takeWork(given: Given, host: MachineHost) {
  const lanes = new Map(machineKinds.map((kind) => [queueOf(kind, host.id), kind]))
  for (const [name, kind] of lanes) await installQueue(given.context.boss, kind, name)
  // Orders that no host has taken yet wait in a queue of their own.
  lanes.set(provisionMachine.name, provisionMachine)
  const queues = [...lanes].map(([name, kind]): Queue => ({ name, slots: kind.queue.concurrency }))
  await consume({ ...given, queues })
}
