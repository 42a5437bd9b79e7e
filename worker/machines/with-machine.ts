import { PermanentError, RetryLater } from '@/lib/errors'
import type { Machine } from '@/lib/generated/prisma/client'
import { queueOf } from '@/lib/tasks/kind'
import type { Run } from '../handler'
import type { WorkerContext } from '../context'
import type { MachineHost } from './machine-host'

/** @throws when this worker runs no machines, which only a mistake in the queues can bring about. */
export function hostOf({ host }: WorkerContext): MachineHost {
  if (host) return host
  throw new Error('this worker runs no machines')
}

/**
 * Does something with the machine of `run` in its turn. A machine that another
 * host has goes there.
 * @throws {PermanentError} machine.gone when it was terminated meanwhile
 */
export async function withMachine<T>(
  run: Run<{ machineId: string }>,
  work: (machine: Machine, host: MachineHost) => Promise<T>,
): Promise<T> {
  const host = hostOf(run.context)
  return host.inTurn(
    run.payload.machineId,
    async () => {
      const machine = await run.context.db.machine.findUnique({ where: { id: run.payload.machineId } })
      if (!machine || machine.state === 'terminated') throw gone()
      if (machine.hostId && machine.hostId !== host.id) await sendToItsHost(run, machine.hostId)
      return work(machine, host)
    },
    run.signal,
  )
}

/** Another host has taken it. @throws {RetryLater} always: there it goes on. */
async function sendToItsHost(run: Run<{ machineId: string }>, hostId: string): Promise<never> {
  await run.write((tx) =>
    tx.task.update({ where: { id: run.taskId }, data: { queue: queueOf(run.kind, hostId) } }),
  )
  throw new RetryLater(0, 'another host has this machine')
}

const gone = () =>
  new PermanentError({
    code: 'machine.gone',
    message: 'The machine was terminated.',
    advice: 'Order a new one.',
  })
