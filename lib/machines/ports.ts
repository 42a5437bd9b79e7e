import type { z } from 'zod'
import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'
import type { forwardPortSchema } from './schema'
import { machineConflict } from './errors'
import { lockMachine } from './lock-machine'
import { recordMachineEvent } from './events'
import { notifyHost } from './host-client'
import { touch } from '../database/touch'

interface Target {
  db: Db
  id: string
  ownerId: string
}

const MAX_FORWARDED_PORTS = 20
const portFields = { guestPort: true, hostPort: true, problem: true } as const

/**
 * Forwards a port of the host's loopback to a port of the machine, until forwarding is stopped or the machine is
 * terminated. Idempotent.
 * @throws {AppError} machine.not_found, machine.no_host, port.taken, port.too_many
 */
export async function forwardPort({ db, id, ownerId }: Target, request: z.infer<typeof forwardPortSchema>) {
  const { guestPort, hostPort } = request
  const { row, url } = await db
    .$transaction(async (tx) => {
      const machine = await lockMachine(tx, { id, ownerId })
      const host = machine.hostId && (await tx.machineHost.findUnique({ where: { id: machine.hostId } }))
      if (!host || machine.state === 'terminating' || machine.state === 'terminated')
        throw noHostForPortsError()
      const key = { machineId_guestPort: { machineId: id, guestPort } }
      const existing = await tx.machinePort.findUnique({ where: key })
      if (existing && (!hostPort || existing.hostPort === hostPort))
        return { row: existing, url: host.consoleUrl }
      if (existing)
        throw portTakenError(`Port ${guestPort} is already forwarded from port ${existing.hostPort}.`)
      if ((await tx.machinePort.count({ where: { machineId: id } })) >= MAX_FORWARDED_PORTS)
        throw tooManyPortsError()
      const data = { machineId: id, hostId: host.id, guestPort, hostPort }
      await recordMachineEvent(tx, {
        machineId: id,
        actorId: ownerId,
        action: 'port forwarded',
        detail: `port ${guestPort}`,
      })
      await recordAudit(tx, {
        action: 'machine.port_forwarded',
        subject: { type: 'machine', id },
        detail: { guestPort, hostPort: hostPort ?? null },
      })
      await touch(tx, 'machine', { id })
      return { row: await tx.machinePort.create({ data }), url: host.consoleUrl }
    })
    .catch((error: { code?: string }) => {
      if (error.code === 'P2002')
        throw portTakenError(`Port ${hostPort} of the host is in use by another machine.`)
      throw error
    })
  await notifyHost(url, 'ports').catch(() => undefined)
  const current = await db.machinePort.findUnique({ where: { id: row.id }, select: portFields })
  if (!current) throw notFound('port')
  if (!hostPort || !current.problem) return current
  await stopForwardingPort({ db, id, ownerId }, guestPort)
  throw portTakenError(current.problem)
}

/** Lists the forwarded ports of a machine. @throws {AppError} machine.not_found */
export async function listForwardedPorts({ db, id, ownerId }: Target) {
  const machine = await db.machine.findFirst({
    where: { id, ownerId },
    select: { ports: { select: portFields, orderBy: { guestPort: 'asc' } } },
  })
  if (!machine) throw notFound('machine')
  return machine.ports
}

/** Stops forwarding and frees the host port. @throws {AppError} machine.not_found, port.not_found */
export async function stopForwardingPort({ db, id, ownerId }: Target, guestPort: number) {
  const url = await db.$transaction(async (tx) => {
    await lockMachine(tx, { id, ownerId })
    const row = await tx.machinePort.findFirst({
      where: { machineId: id, guestPort },
      include: { host: true },
    })
    if (!row) throw notFound('port')
    await tx.machinePort.delete({ where: { id: row.id } })
    await recordMachineEvent(tx, {
      machineId: id,
      actorId: ownerId,
      action: 'port taken back',
      detail: `port ${guestPort}`,
    })
    await recordAudit(tx, {
      action: 'machine.port_removed',
      subject: { type: 'machine', id },
      detail: { guestPort },
    })
    await touch(tx, 'machine', { id })
    return row.host.consoleUrl
  })
  // A host that cannot be reached finds the change when it reconciles.
  await notifyHost(url, 'ports').catch(() => undefined)
}

const noHostForPortsError = () =>
  machineConflict(
    'no_host',
    'Ports can be forwarded while the machine has a host: after provisioning has started and until it is terminated.',
  )

const portTakenError = (message: string) => new AppError({ code: 'port.taken', message, status: 409 })

const tooManyPortsError = () =>
  new AppError({
    code: 'port.too_many',
    message: `${MAX_FORWARDED_PORTS} ports of this machine are already forwarded. Stop forwarding one first.`,
    status: 422,
  })
