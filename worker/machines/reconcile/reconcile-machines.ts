import { databaseTimeMs } from '@/lib/cluster/database-clock'
import type { Db } from '@/lib/database/db'
import { type Machine, Prisma } from '@/lib/generated/prisma/client'
import { requestPowerAction } from '@/lib/machines/power-actions'
import { requestTermination } from '@/lib/machines/termination'
import { notifyAutomaticStop } from '@/lib/machines/notify-stop'
import { recordMachineEvent } from '@/lib/machines/events'
import { provisionMachineTask, stateChangingKindNames, terminateMachineTask } from '@/lib/machines/tasks'
import { machineTransitions, tryTransitionMachine } from '@/lib/machines/state'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { whereUnfinished } from '@/lib/tasks/queries'
import type { TaskError } from '@/lib/tasks/schema'
import { toStoredError } from '@/lib/tasks/stored-error'
import type { WorkerContext } from '@/worker/context'
import type { MachineObservation } from '../hypervisor'
import type { LocalMachineHost } from '../host/local-machine-host'
import { failPendingMachine } from '../handlers/record-failure'
import { FailureLog } from './failure-log'
import { repairImpairedMachine } from './repair-impaired'
import * as messages from '@/lib/generated/messages/machine-host-texts'

type Deps = Pick<WorkerContext, 'db' | 'boss'> & { host: LocalMachineHost }

/**
 * Compares every idle machine of this host with what the hypervisor observes: adopts running ones, repairs impaired ones,
 * records why others stopped, and restarts those that restart automatically.
 */
export async function reconcileMachines(deps: Deps, failures = new FailureLog()) {
  const { db, host } = deps
  const machines = await db.machine.findMany({
    where: {
      OR: [{ hostId: host.id }, { hostId: null }],
      state: { notIn: ['terminated', 'failed'] },
      tasks: { none: { kind: { in: stateChangingKindNames }, ...whereUnfinished } },
    },
  })
  if (machines.length === 0) return
  // After the rows: a row that changes meanwhile has another version, so that nothing outdated is recorded for it.
  const observations = await host.hypervisor.observeAll()
  for (const machine of machines)
    if (!host.isBusy(machine.id))
      await failures.runForMachine({ step: 'machines', machineId: machine.id }, () =>
        reconcileMachine(deps, machine, observations.get(machine.id) ?? { state: 'absent' }),
      )
}

async function reconcileMachine(deps: Deps, machine: Machine, observation: MachineObservation) {
  if (machine.state === 'pending') return settlePendingMachine(deps, machine)
  if (machine.desired === 'terminated') return requeueTermination(deps, machine)
  const { state: observed, ...details } = observation
  if (observed === 'changing') return
  const state = await recordObservation(deps, { machine, observation: { state: observed, ...details } })
  if (state === 'running' && machine.state === 'running')
    return repairImpairedMachine(deps, { machine, impairment: observation.reason })
  if (state !== 'stopped' || machine.desired !== 'running' || !machine.isKeptRunning) return
  if (await hasReachedRestartLimit(deps.db, machine)) return
  const { id, ownerId } = machine
  await requestPowerAction(
    { db: deps.db, boss: deps.boss, id, ownerId, actorId: null, reason: messages.restarted() },
    'start',
  )
}

const MAX_RESTARTS = 5
const RESTART_WINDOW_MS = 10 * 60_000

/** Stops a crash loop: after this many restarts a user has to start the machine. */
async function hasReachedRestartLimit(db: Db, { id }: Machine) {
  const since = new Date(databaseTimeMs() - RESTART_WINDOW_MS)
  const starts = await db.machineEvent.count({
    where: { machineId: id, action: 'started', actorId: null, at: { gt: since } },
  })
  return starts >= MAX_RESTARTS
}

const unknownFailure = (): TaskError =>
  toStoredError({ code: 'task.crashed', message: messages.creationFailed() })

/** Settles a machine whose provisioning ended without a handler: canceled while queued, or failed by another worker. */
async function settlePendingMachine({ db, boss }: Deps, { id, ownerId }: Machine) {
  const task = await db.task.findFirst({
    where: { machineId: id, kind: provisionMachineTask.name },
    orderBy: { id: 'desc' },
  })
  if (task?.state === 'failed')
    await failPendingMachine(db, id, (task.error as TaskError | null) ?? unknownFailure())
  if (task?.state === 'canceled')
    await requestTermination({
      db,
      boss,
      id,
      ownerId,
      actorId: null,
      reason: messages.provisioningCanceled(),
    })
}

/** Enqueues termination again after its task was canceled or failed: `desired` is still `terminated`. */
async function requeueTermination({ db, boss }: Deps, { id, ownerId, hostId }: Machine) {
  await db.$transaction((tx) =>
    enqueueTask(tx, boss, {
      kind: terminateMachineTask,
      payload: { machineId: id },
      ownerId,
      subjectId: id,
      hostId,
    }),
  )
}

type SettledObservation = MachineObservation & { state: Exclude<MachineObservation['state'], 'changing'> }

/** Stores the observed state. @returns the new state of the machine */
async function recordObservation(
  { db, boss }: Deps,
  { machine, observation }: { machine: Machine; observation: SettledObservation },
) {
  const to = observation.state === 'absent' ? 'failed' : observation.state
  const hasChanged =
    machine.state !== to ||
    (observation.startedAt && observation.startedAt.getTime() !== machine.startedAt?.getTime())
  if (!hasChanged || !machineTransitions.canTransition(machine.state, to)) return machine.state
  const reason = observation.reason ?? defaultReasons[observation.state]()
  const isAsDesired = to === 'running' && machine.desired === 'running'
  // A failed start has already stored its error.
  const isUnexpected = to !== 'running' && machine.desired === 'running' && !machine.error
  await db.$transaction(async (tx) => {
    const isRecorded = await tryTransitionMachine(tx, {
      id: machine.id,
      to,
      version: machine.version,
      data: {
        startedAt: observation.startedAt ?? null,
        ...(isUnexpected ? { error: { code: 'machine.ended', message: reason } } : {}),
        ...(isAsDesired ? { error: Prisma.DbNull } : {}),
      },
    })
    if (isRecorded && machine.state !== to)
      await recordMachineEvent(tx, {
        machineId: machine.id,
        action: to,
        detail: to === 'running' ? messages.foundRunning() : reason,
      })
    // One that restarts automatically is back before its owner has read about it.
    if (isRecorded && isUnexpected && !machine.isKeptRunning)
      await notifyAutomaticStop(tx, boss, { machine, reason })
  })
  return to
}

const defaultReasons = {
  running: messages.isRunning,
  stopped: messages.stoppedUnexpectedly,
  absent: messages.gone,
} as const
