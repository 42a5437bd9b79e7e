import type { IncomingMessage } from 'node:http'
import { authenticate } from '@/lib/accounts/authenticate'
import { readSession } from '@/lib/accounts/session'
import { db } from '@/lib/database/db'
import { AppError, notFound } from '@/lib/errors'
import { forwardPortSchema } from '@/lib/machines/schema'
import { recordAccess } from '@/lib/machines/events'
import { issuePortToken, verifyPortToken } from '@/lib/machines/port-token'

const PORT_URL =
  /^\/machines\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/ports\/(\d{1,5})(?:\/(~[\w.-]+))?(\/[^#]*)?$/

export interface AuthorizedPort {
  machineId: string
  port: number
  /** What the guest is asked for. */
  path: string
  /** The address of its pages here, without a slash at its end. */
  base: string
  hostUrl: string
}

export const isMachinePortPath = (url = '') => PORT_URL.test(url)

/**
 * Who may reach a port inside a machine: its owner, by API key, or by the pass in the address. Whoever is
 * signed in and has no pass yet is sent to the address that has one.
 * @throws {AppError} account.sign_in_required, machine.not_found, machine.no_host, port.not_found
 */
export async function authorizePort({
  url = '',
  method,
  headers,
}: IncomingMessage): Promise<AuthorizedPort | { redirect: string }> {
  // A page that a guest made may not stay in the browser and answer for all of this address.
  if (headers['service-worker']) throw portForbidden()
  const [, machineId = '', number, pass, rest] = PORT_URL.exec(url)!
  const port = forwardPortSchema.shape.guestPort.safeParse(Number(number))
  if (!port.success) throw notFound('port')
  const at = { machineId, port: port.data }
  const root = `/machines/${machineId}/ports/${at.port}`
  if (pass) {
    const ownerId = await verifyPortToken(db(), pass, at)
    if (!ownerId) throw signInRequired()
    const base = `${root}/${pass}`
    if (rest === undefined) return { redirect: `${base}/` }
    return { ...at, path: rest, base, hostUrl: await findHostUrl(machineId, ownerId) }
  }
  const asked = new Headers(headers as Record<string, string>)
  if (headers.authorization) {
    const identity = await authenticate(asked)
    if (!identity) throw signInRequired()
    return { ...at, path: rest ?? '/', base: root, hostUrl: await findHostUrl(machineId, identity.id) }
  }
  const session = await readSession(asked)
  if (!session) throw signInRequired()
  await findHostUrl(machineId, session.user.id)
  if (method !== 'GET' && method !== 'HEAD') throw portForbidden()
  await recordAccess(db(), {
    machineId,
    actorId: session.user.id,
    action: 'service opened',
    detail: `port ${at.port}`,
  })
  return { redirect: `${root}/${issuePortToken(session.session.id, at)}${rest ?? '/'}` }
}

/** Where the machine's host is asked. Somebody else's machine is as absent as a missing one. */
async function findHostUrl(machineId: string, ownerId: string) {
  const machine = await db().machine.findFirst({ where: { id: machineId, ownerId }, include: { host: true } })
  if (!machine) throw notFound('machine')
  if (machine.host) return machine.host.consoleUrl
  throw new AppError({ code: 'machine.no_host', message: 'The machine has no host yet.', status: 409 })
}

const signInRequired = () =>
  new AppError({
    code: 'account.sign_in_required',
    message: 'Sign in, and open this port from the page of its machine.',
    status: 401,
  })

const portForbidden = () =>
  new AppError({
    code: 'port.refused',
    message: 'This is not done at a port of a machine without the pass in its address.',
    status: 403,
  })
