import type { z } from 'zod'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import type { forwardPortSchema } from './schema'
import { lockMachine } from './commands'
import { recordMachineEvent } from './events'
import { notifyHost } from './host-client'

interface Target {
  db: Db
  id: string
  ownerId: string
}

/** Far more than anybody looks after. */
const MAX_FORWARDED_PORTS = 20
const portFields = { guestPort: true, hostPort: true, problem: true } as const

/**
 * Has a port of a machine reached at a port of its host's loopback, until it is taken back or the machine is
 * terminated. Asked again for the same, it is the same.
 * @throws {AppError} machine.not_found, machine.no_host, port.taken, port.too_many
 */
export async function forwardPort({ db, id, ownerId }: Target, order: z.infer<typeof forwardPortSchema>) {
  const { guestPort, hostPort } = order
  const { row, url } = await db
    .$transaction(async (tx) => {
      const machine = await lockMachine(tx, { id, ownerId })
      const host = machine.hostId && (await tx.machineHost.findUnique({ where: { id: machine.hostId } }))
      if (!host || machine.state === 'terminating' || machine.state === 'terminated') throw noHostError()
      const key = { machineId_guestPort: { machineId: id, guestPort } }
      const known = await tx.machinePort.findUnique({ where: key })
      if (known && (!hostPort || known.hostPort === hostPort)) return { row: known, url: host.consoleUrl }
      if (known)
        throw portTakenError(`Port ${guestPort} of this machine is at port ${known.hostPort} already.`)
      if ((await tx.machinePort.count({ where: { machineId: id } })) >= MAX_FORWARDED_PORTS)
        throw tooManyPortsError()
      const data = { machineId: id, hostId: host.id, guestPort, hostPort }
      await recordMachineEvent(tx, {
        machineId: id,
        actorId: ownerId,
        action: 'port forwarded',
        detail: `port ${guestPort}`,
      })
      await touchMachine(tx, id)
      return { row: await tx.machinePort.create({ data }), url: host.consoleUrl }
    })
    .catch((error: { code?: string }) => {
      if (error.code === 'P2002')
        throw portTakenError(`Port ${hostPort} of the host belongs to another machine.`)
      throw error
    })
  await notifyHost(url, 'ports').catch(() => undefined)
  const now = await db.machinePort.findUnique({ where: { id: row.id }, select: portFields })
  if (!now) throw notFound('port')
  if (!hostPort || !now.problem) return now
  await stopForwardingPort({ db, id, ownerId }, guestPort)
  throw portTakenError(now.problem)
}

/** @throws {AppError} machine.not_found */
export async function listForwardedPorts({ db, id, ownerId }: Target) {
  const machine = await db.machine.findFirst({
    where: { id, ownerId },
    select: { ports: { select: portFields, orderBy: { guestPort: 'asc' } } },
  })
  if (!machine) throw notFound('machine')
  return machine.ports
}

/** From now on nothing listens for it. @throws {AppError} machine.not_found, port.not_found */
export async function stopForwardingPort({ db, id, ownerId }: Target, guestPort: number) {
  const url = await db.$transaction(async (tx) => {
    await lockMachine(tx, { id, ownerId })
    const found = await tx.machinePort.findFirst({
      where: { machineId: id, guestPort },
      include: { host: true },
    })
    if (!found) throw notFound('port')
    await tx.machinePort.delete({ where: { id: found.id } })
    await recordMachineEvent(tx, {
      machineId: id,
      actorId: ownerId,
      action: 'port taken back',
      detail: `port ${guestPort}`,
    })
    await touchMachine(tx, id)
    return found.host.consoleUrl
  })
  // A host that does not hear it sees it by itself, a little later.
  await notifyHost(url, 'ports').catch(() => undefined)
}

/** An update that changes nothing raises the version: pages read the machine again, with its ports. */
export const touchMachine = (tx: Pick<Db, 'machine'>, id: string) =>
  tx.machine.updateMany({ where: { id }, data: { version: 0 } })

const noHostError = () =>
  new AppError({
    code: 'machine.no_host',
    message: 'Ports can be forwarded once a host has taken this machine, until it is terminated.',
    status: 409,
  })

const portTakenError = (message: string) => new AppError({ code: 'port.taken', message, status: 409 })

const tooManyPortsError = () =>
  new AppError({
    code: 'port.too_many',
    message: `${MAX_FORWARDED_PORTS} ports of this machine are forwarded already. Take one back first.`,
    status: 422,
  })
