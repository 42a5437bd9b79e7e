import { PermanentError, RetryLater } from '@/lib/errors'
import type { Machine } from '@/lib/generated/prisma/client'
import { queueNameOf } from '@/lib/tasks/task-kind'
import type { TaskRun } from '@/worker/runtime/handler'
import type { WorkerContext } from '@/worker/context'
import type { LocalMachineHost } from '../host/local-machine-host'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** @throws {Error} when this worker runs no machines: it must not consume host queues then. */
export function requireMachineHost({ host }: WorkerContext): LocalMachineHost {
  if (host) return host
  throw new Error('this worker runs no machines')
}

/**
 * Runs `work` while holding the lock of the run's machine. Reroutes the task if the machine belongs to another host.
 * @throws {PermanentError} machine.gone when the machine is terminated
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

/** Moves the task to the queue of the machine's host. @throws {RetryLater} always, to release it there */
async function rerouteToHost(run: TaskRun<{ machineId: string }>, hostId: string): Promise<never> {
  await run.write((tx) =>
    tx.task.update({ where: { id: run.taskId }, data: { queue: queueNameOf(run.kind, hostId) } }),
  )
  throw new RetryLater(0, 'the machine belongs to another host')
}

const machineTerminated = () =>
  new PermanentError({
    code: 'machine.gone',
    message: messages.terminated(),
    advice: messages.createNew(),
  })
