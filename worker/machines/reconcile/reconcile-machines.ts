import { type Machine, Prisma } from '@/lib/generated/prisma/client'
import { requestPowerAction, requestTermination } from '@/lib/machines/commands'
import { recordMachineEvent } from '@/lib/machines/events'
import { provisionMachineTask, stateChangingKindNames, terminateMachineTask } from '@/lib/machines/tasks'
import { machineTransitions } from '@/lib/machines/state'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { whereUnfinished } from '@/lib/tasks/queries'
import type { WorkerContext } from '../../context'
import type { MachineObservation } from '../hypervisor'
import type { LocalMachineHost } from '../host/local-machine-host'
import { FailureLog } from './failure-log'
import { repairImpairedMachine } from './repair-impaired'

/**
 * Compares every machine of this host that nothing is being done with, to what is really there: adopts
 * what runs, puts right what that lacks, tells what ended and why, and has started again what is to be kept running.
 */
export async function reconcileMachines(
  context: WorkerContext,
  host: LocalMachineHost,
  failures = new FailureLog(),
) {
  const machines = await context.db.machine.findMany({
    where: {
      OR: [{ hostId: host.id }, { hostId: null }],
      state: { notIn: ['terminated', 'failed'] },
      tasks: { none: { kind: { in: stateChangingKindNames }, ...whereUnfinished } },
    },
  })
  for (const machine of machines)
    if (!host.isBusy(machine.id))
      await failures.runForMachine('machines', machine.id, () => reconcileMachine(context, host, machine))
}

async function reconcileMachine(context: WorkerContext, host: LocalMachineHost, machine: Machine) {
  const target = { ...context, id: machine.id, ownerId: machine.ownerId, actorId: null }
  if (machine.state === 'pending') return settlePendingMachine(context, machine)
  if (machine.desired === 'terminated') return requeueTermination(context, machine)
  const seen = await host.hypervisor.observe(machine.id)
  const settled = await recordObservation(context, machine, seen)
  if (settled === 'running' && machine.state === 'running')
    return repairImpairedMachine(context, host, machine, seen)
  if (settled !== 'stopped' || machine.desired !== 'running' || !machine.isKeptRunning) return
  if (await hasReachedRestartLimit(context, machine)) return
  await requestPowerAction({ ...target, reason: 'it is to be kept running' }, 'start')
}

const MAX_RESTARTS = 5
const RESTART_WINDOW_MS = 10 * 60_000

/** One that ends again and again is left alone until somebody looks at it. */
async function hasReachedRestartLimit({ db }: WorkerContext, { id }: Machine) {
  const since = new Date(Date.now() - RESTART_WINDOW_MS)
  const starts = await db.machineEvent.count({
    where: { machineId: id, action: 'started', actorId: null, at: { gt: since } },
  })
  return starts >= MAX_RESTARTS
}

/** Its making was canceled before a worker had it, or given up while no worker lived. */
async function settlePendingMachine({ db, boss }: WorkerContext, { id, ownerId }: Machine) {
  const task = await db.task.findFirst({
    where: { machineId: id, kind: provisionMachineTask.name },
    orderBy: { id: 'desc' },
  })
  if (task?.state === 'failed')
    await db.machine.updateMany({
      where: { id, state: 'pending' },
      data: { state: 'failed', error: task.error ?? {} },
    })
  if (task?.state === 'canceled')
    await requestTermination({ db, boss, id, ownerId, actorId: null, reason: 'its making was canceled' })
}

/** The task that was to remove it was canceled or gave up. What is wanted stays wanted. */
async function requeueTermination({ db, boss }: WorkerContext, { id, ownerId, hostId }: Machine) {
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

/** Writes down what is there. @returns the state the machine is in now */
async function recordObservation({ db }: WorkerContext, machine: Machine, seen: MachineObservation) {
  const to = seen.state === 'absent' ? 'failed' : seen.state
  const isNews =
    machine.state !== to || (seen.startedAt && seen.startedAt.getTime() !== machine.startedAt?.getTime())
  if (!isNews || !machineTransitions.canMove(machine.state, to)) return machine.state
  const reason = seen.reason ?? DEFAULT_REASONS[seen.state]
  const isAsDesired = to === 'running' && machine.desired === 'running'
  // A start that went wrong has told why already.
  const isNewWrong = to !== 'running' && machine.desired === 'running' && !machine.error
  await db.$transaction(async (tx) => {
    const { count } = await tx.machine.updateMany({
      where: { id: machine.id, version: machine.version },
      data: {
        state: to,
        startedAt: seen.startedAt ?? null,
        ...(isNewWrong ? { error: { code: 'machine.ended', message: reason } } : {}),
        ...(isAsDesired ? { error: Prisma.DbNull } : {}),
      },
    })
    if (count > 0 && machine.state !== to)
      await recordMachineEvent(tx, {
        machineId: machine.id,
        action: to,
        detail: to === 'running' ? 'found running' : reason,
      })
  })
  return to
}

const DEFAULT_REASONS = {
  running: 'It runs.',
  stopped: 'It ended without being asked to.',
  absent: 'Nothing is left of it on its host.',
} as const
