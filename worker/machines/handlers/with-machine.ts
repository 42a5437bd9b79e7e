import { PermanentError, RetryLater } from '@/lib/errors'
import type { Machine } from '@/lib/generated/prisma/client'
import { queueNameOf } from '@/lib/tasks/task-kind'
import type { TaskRun } from '@/worker/runtime/handler'
import type { WorkerContext } from '@/worker/context'
import type { LocalMachineHost } from '../host/local-machine-host'

/** @throws when this worker runs no machines, which only a mistake in the queues can bring about. */
export function requireMachineHost({ host }: WorkerContext): LocalMachineHost {
  if (host) return host
  throw new Error('this worker runs no machines')
}

/**
 * Does something with the machine of `run` in its turn. A machine that another
 * host has goes there.
 * @throws {PermanentError} machine.gone when it was terminated meanwhile
 */
export async function withMachine<T>(
  run: TaskRun<{ machineId: string }>,
  work: (machine: Machine, host: LocalMachineHost) => Promise<T>,
): Promise<T> {
  const host = requireMachineHost(run.context)
  return host.withLock(
    run.payload.machineId,
    async () => {
      const machine = await run.context.db.machine.findUnique({ where: { id: run.payload.machineId } })
      if (!machine || machine.state === 'terminated') throw machineTerminated()
      if (machine.hostId && machine.hostId !== host.id) await rerouteToHost(run, machine.hostId)
      return work(machine, host)
    },
    { signal: run.signal },
  )
}

/** Another host has taken it. @throws {RetryLater} always: there it goes on. */
async function rerouteToHost(run: TaskRun<{ machineId: string }>, hostId: string): Promise<never> {
  await run.write((tx) =>
    tx.task.update({ where: { id: run.taskId }, data: { queue: queueNameOf(run.kind, hostId) } }),
  )
  throw new RetryLater(0, 'another host has this machine')
}

const machineTerminated = () =>
  new PermanentError({
    code: 'machine.gone',
    message: 'The machine was terminated.',
    advice: 'Order a new one.',
  })
