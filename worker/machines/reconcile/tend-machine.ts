import { log } from '@/lib/log'
import { Prisma, type Machine } from '@/lib/generated/prisma/client'
import { addMachineEvent } from '@/lib/machines/events'
import type { TaskError } from '@/lib/tasks/contract'
import type { WorkerContext } from '../../context'
import type { Observed } from '../hypervisor'
import type { MachineHost } from '../machine-host'

const CODE = 'machine.impaired'

/** What a running machine lacks is put right where that works, and told until it is seen to be right again. */
export async function tendMachine(
  { db }: WorkerContext,
  host: MachineHost,
  machine: Machine,
  { reason }: Observed,
) {
  const error = machine.error as TaskError | null
  const told = error?.code === CODE ? error.message : undefined
  const message = reason && [reason, await repair(host, machine.id)].filter(Boolean).join(' ')
  if (message === told) return
  await db.$transaction(async (tx) => {
    const { count } = await tx.machine.updateMany({
      where: { id: machine.id, version: machine.version },
      data: { error: message ? { code: CODE, message } : Prisma.DbNull },
    })
    const action = message ? 'impaired' : 'recovered'
    if (count > 0) await addMachineEvent(tx, { machineId: machine.id, action, detail: message })
  })
}

/** @returns why it could not be put right, in a sentence; undefined where it could, which the next look shows */
async function repair(host: MachineHost, id: string) {
  try {
    await host.inTurn(id, () => host.hypervisor.repair(id))
    return undefined
  } catch (error) {
    log.warn({ err: error, machineId: id }, 'could not repair a machine')
    return (error as Error).message
  }
}
