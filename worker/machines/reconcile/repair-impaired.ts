import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { Prisma, type Machine } from '@/lib/generated/prisma/client'
import { recordMachineEvent } from '@/lib/machines/events'
import type { TaskError } from '@/lib/tasks/schema'
import type { LocalMachineHost } from '../host/local-machine-host'

const IMPAIRED_CODE = 'machine.impaired'

interface Impairment {
  machine: Machine
  /** How it is impaired; undefined if it is healthy. */
  impairment: string | undefined
}

/** Repairs an impaired running machine, and reports it as impaired until it is observed to be healthy. */
export async function repairImpairedMachine(
  { db, host }: { db: Db; host: LocalMachineHost },
  { machine, impairment }: Impairment,
) {
  const error = machine.error as TaskError | null
  const reported = error?.code === IMPAIRED_CODE ? error.message : undefined
  const message = impairment && [impairment, await tryRepair(host, machine.id)].filter(Boolean).join(' ')
  if (message === reported) return
  await db.$transaction(async (tx) => {
    const { count } = await tx.machine.updateMany({
      where: { id: machine.id, version: machine.version },
      data: { error: message ? { code: IMPAIRED_CODE, message } : Prisma.DbNull },
    })
    const action = message ? 'impaired' : 'recovered'
    if (count > 0) await recordMachineEvent(tx, { machineId: machine.id, action, detail: message })
  })
}

/** @returns the failure as a sentence; undefined on success, which the next observation confirms */
async function tryRepair(host: LocalMachineHost, id: string) {
  try {
    await host.withLock(id, () => host.hypervisor.repair(id))
    return undefined
  } catch (error) {
    log.warn({ err: error, machineId: id }, 'machine not repaired')
    return (error as Error).message
  }
}
