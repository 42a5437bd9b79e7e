import type { z } from 'zod'
import { recordAudit } from '../audit/commands'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import type { MachinePort } from '../generated/prisma/client'
import { findForwardingProblem, readForwardablePorts } from './host-ports'
import type { forwardPortSchema } from './schema'
import { machineConflict, noNetworkError } from './errors'
import { requireCapability } from './hosts'
import { requirePermission } from '../users/permissions'
import { lockMachine } from './lock-machine'
import { recordMachineEvent } from './events'
import { notifyHost } from './host-client'
import { touch } from '../database/touch'
import * as messages from '../generated/messages/machine-errors'
import * as nameMessages from '../generated/messages/machine-names'

interface Target {
  db: Db
  id: string
  ownerId: string
}

type ForwardRequest = z.infer<typeof forwardPortSchema>

const MAX_FORWARDED_PORTS = 20
const portFields = { guestPort: true, hostPort: true, problem: true } as const

/**
 * Forwards a port of the host's loopback to a port of the machine, until forwarding is stopped or the machine is
 * terminated. Resolves when the host listens; a port that it cannot open leaves nothing behind. Idempotent.
 * @throws {AppError} machine.not_found, machine.no_host, machine.no_network, machine.not_supported, port.out_of_range, port.taken, port.too_many,
 * port.host_unavailable
 */
export async function forwardPort(target: Target, request: ForwardRequest) {
  const problem = request.hostPort && findForwardingProblem(request.hostPort, readForwardablePorts(config()))
  if (problem) throw outOfRangeError(problem)
  const { row, url } = await addPort(target, request)
  if (row.openedAt) return toPortDto(row)
  const failure = await notifyHost(url, 'ports').then(
    () => undefined,
    (error: unknown) => error,
  )
  const outcome = await settlePort(target, row)
  if (outcome === 'withdrawn') throw hostUnavailableError(failure)
  if (outcome !== 'refused') return toPortDto(outcome)
  throw portTakenError(
    request.hostPort ? messages.portInUse({ port: request.hostPort }) : messages.noPortFree(),
  )
}

function addPort({ db, id, ownerId }: Target, { guestPort, hostPort }: ForwardRequest) {
  return db
    .$transaction(async (tx) => {
      const machine = await lockMachine(tx, { id, ownerId })
      await requirePermission(tx, ownerId, 'canUseMachines', 'canForwardPorts')
      if (machine.network === 'none') throw noNetworkError()
      const host = machine.hostId && (await tx.machineHost.findUnique({ where: { id: machine.hostId } }))
      if (!host || machine.state === 'terminating' || machine.state === 'terminated')
        throw noHostForPortsError()
      requireCapability(host, 'ports')
      const key = { machineId_guestPort: { machineId: id, guestPort } }
      const existing = await tx.machinePort.findUnique({ where: key })
      if (existing && (!hostPort || existing.hostPort === hostPort))
        return { row: existing, url: host.consoleUrl }
      if (existing)
        throw portTakenError(messages.portForwarded({ port: guestPort, hostPort: String(existing.hostPort) }))
      if ((await tx.machinePort.count({ where: { machineId: id } })) >= MAX_FORWARDED_PORTS)
        throw tooManyPortsError()
      const data = { machineId: id, hostId: host.id, guestPort, hostPort }
      await recordPortEvent(tx, { id, ownerId }, { action: 'port forwarded', guestPort, hostPort })
      return { row: await tx.machinePort.create({ data }), url: host.consoleUrl }
    })
    .catch((error: { code?: string }) => {
      if (error.code === 'P2002')
        throw portTakenError(messages.portInUseByMachine({ port: String(hostPort) }))
      throw error
    })
}

/**
 * Returns a port that its host has opened, or `refused` if the host removed it. Withdraws any other: a host that opens it
 * later finds no row and closes it.
 */
const settlePort = ({ db, id, ownerId }: Target, { id: portId, guestPort }: MachinePort) =>
  db.$transaction(async (tx) => {
    await lockMachine(tx, { id, ownerId })
    const { count } = await tx.machinePort.deleteMany({ where: { id: portId, openedAt: null } })
    const opened = await tx.machinePort.findUnique({ where: { id: portId } })
    if (opened) return opened
    await recordPortEvent(tx, { id, ownerId }, { action: 'port taken back', guestPort })
    return count > 0 ? ('withdrawn' as const) : ('refused' as const)
  })

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
    await recordPortEvent(tx, { id, ownerId }, { action: 'port taken back', guestPort })
    return row.host.consoleUrl
  })
  // A host that cannot be reached finds the change when it reconciles.
  await notifyHost(url, 'ports').catch(() => undefined)
}

interface PortEvent {
  action: 'port forwarded' | 'port taken back'
  guestPort: number
  hostPort?: number | null
}

async function recordPortEvent(
  tx: Tx,
  { id, ownerId }: Omit<Target, 'db'>,
  { action, guestPort, hostPort = null }: PortEvent,
) {
  await recordMachineEvent(tx, {
    machineId: id,
    actorId: ownerId,
    action,
    detail: nameMessages.eventPort({ port: guestPort }),
  })
  const subject = { type: 'machine', id } as const
  if (action === 'port forwarded')
    await recordAudit(tx, { action: 'machine.port_forwarded', subject, detail: { guestPort, hostPort } })
  else await recordAudit(tx, { action: 'machine.port_removed', subject, detail: { guestPort } })
  await touch(tx, 'machine', { id })
}

const toPortDto = ({ guestPort, hostPort, problem }: MachinePort) => ({ guestPort, hostPort, problem })

const noHostForPortsError = () => machineConflict('no_host', messages.noHostForPorts())

const portTakenError = (message: string) => new AppError({ code: 'port.taken', message, status: 409 })

const outOfRangeError = (message: string) => new AppError({ code: 'port.out_of_range', message, status: 422 })

const hostUnavailableError = (cause?: unknown) =>
  new AppError({
    code: 'port.host_unavailable',
    message: messages.portHostUnavailable(),
    status: 503,
    cause,
  })

const tooManyPortsError = () =>
  new AppError({
    code: 'port.too_many',
    message: messages.tooManyPorts({ count: MAX_FORWARDED_PORTS }),
    status: 422,
  })
