import { type Machine, Prisma } from '@/lib/generated/prisma/client'
import { changeMachine, terminate } from '@/lib/machines/control'
import { addMachineEvent } from '@/lib/machines/events'
import { provisionMachine, stateKinds, terminateMachine } from '@/lib/machines/kinds'
import { machineMoves } from '@/lib/machines/state'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { unfinished } from '@/lib/tasks/queries'
import type { WorkerContext } from '../../context'
import type { Observed } from '../hypervisor'
import type { MachineHost } from '../machine-host'
import { Failures } from './failures'
import { tendMachine } from './tend-machine'

/**
 * Compares every machine of this host that nothing is being done with, to what is really there: adopts
 * what runs, puts right what that lacks, tells what ended and why, and has started again what is to be kept running.
 */
export async function reconcileMachines(
  context: WorkerContext,
  host: MachineHost,
  failures = new Failures(),
) {
  const machines = await context.db.machine.findMany({
    where: {
      OR: [{ hostId: host.id }, { hostId: null }],
      state: { notIn: ['terminated', 'failed'] },
      tasks: { none: { kind: { in: stateKinds }, ...unfinished } },
    },
  })
  for (const machine of machines)
    if (!host.isBusy(machine.id))
      await failures.machine('machines', machine.id, () => reconcileOne(context, host, machine))
}

async function reconcileOne(context: WorkerContext, host: MachineHost, machine: Machine) {
  const target = { ...context, id: machine.id, ownerId: machine.ownerId, actorId: null }
  if (machine.state === 'pending') return endUnmade(context, machine)
  if (machine.desired === 'terminated') return terminateAgain(context, machine)
  const seen = await host.hypervisor.observe(machine.id)
  const settled = await settle(context, machine, seen)
  if (settled === 'running' && machine.state === 'running') return tendMachine(context, host, machine, seen)
  if (settled !== 'stopped' || machine.desired !== 'running' || !machine.isKeptRunning) return
  if (await wasStartedOften(context, machine)) return
  await changeMachine({ ...target, reason: 'it is to be kept running' }, 'start')
}

const OFTEN = 5
const OFTEN_MS = 10 * 60_000

/** One that ends again and again is left alone until somebody looks at it. */
async function wasStartedOften({ db }: WorkerContext, { id }: Machine) {
  const since = new Date(Date.now() - OFTEN_MS)
  const starts = await db.machineEvent.count({
    where: { machineId: id, action: 'started', actorId: null, at: { gt: since } },
  })
  return starts >= OFTEN
}

/** Its making was canceled before a worker had it, or given up while no worker lived. */
async function endUnmade({ db, boss }: WorkerContext, { id, ownerId }: Machine) {
  const task = await db.task.findFirst({
    where: { machineId: id, kind: provisionMachine.name },
    orderBy: { id: 'desc' },
  })
  if (task?.state === 'failed')
    await db.machine.updateMany({
      where: { id, state: 'pending' },
      data: { state: 'failed', error: task.error ?? {} },
    })
  if (task?.state === 'canceled')
    await terminate({ db, boss, id, ownerId, actorId: null, reason: 'its making was canceled' })
}

/** The task that was to remove it was canceled or gave up. What is wanted stays wanted. */
async function terminateAgain({ db, boss }: WorkerContext, { id, ownerId, hostId }: Machine) {
  await db.$transaction((tx) =>
    enqueueTask(tx, boss, {
      kind: terminateMachine,
      payload: { machineId: id },
      ownerId,
      machineId: id,
      hostId,
    }),
  )
}

/** Writes down what is there. @returns the state the machine is in now */
async function settle({ db }: WorkerContext, machine: Machine, seen: Observed) {
  const to = seen.state === 'absent' ? 'failed' : seen.state
  const isNews =
    machine.state !== to || (seen.startedAt && seen.startedAt.getTime() !== machine.startedAt?.getTime())
  if (!isNews || !machineMoves.canMove(machine.state, to)) return machine.state
  const reason = seen.reason ?? WHY[seen.state]
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
      await addMachineEvent(tx, {
        machineId: machine.id,
        action: to,
        detail: to === 'running' ? 'found running' : reason,
      })
  })
  return to
}

const WHY = {
  running: 'It runs.',
  stopped: 'It ended without being asked to.',
  absent: 'Nothing is left of it on its host.',
} as const
