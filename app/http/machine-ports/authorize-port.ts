import type { IncomingMessage } from 'node:http'
import { authenticate, toActor } from '@/lib/accounts/authenticate'
import { requireScope } from '@/lib/accounts/scopes'
import { readSession } from '@/lib/accounts/session'
import { type Actor, requestOrigin } from '@/lib/audit/actor'
import { recordAuditedAccess } from '@/lib/audit/commands'
import { db } from '@/lib/database/db'
import { AppError, notFound } from '@/lib/errors'
import { noHostError } from '@/lib/machines/errors'
import { forwardPortSchema } from '@/lib/machines/schema'
import { recordAccess } from '@/lib/machines/events'
import { issuePortToken, verifyPortToken } from '@/lib/machines/port-token'
import { toWebHeaders } from '../to-web-headers'

const PORT_URL =
  /^\/machines\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/ports\/(\d{1,5})(?:\/(~[\w.-]+))?(\/[^#]*)?$/

export interface AuthorizedPort {
  machineId: string
  port: number
  /** Path and query of the request to the guest. */
  path: string
  /** The path under which the guest's pages are served here, without a trailing slash. */
  base: string
  hostUrl: string
}

export const isMachinePortPath = (url = '') => PORT_URL.test(url)

/**
 * Authorizes a request to a port of a machine: the owner's API key, or a port token in the path. A browser with a
 * session but no token is redirected to the path with one.
 * @throws {AppError} account.sign_in_required, machine.not_found, machine.no_host, port.not_found, port.refused
 */
export async function authorizePort(
  request: IncomingMessage,
): Promise<AuthorizedPort | { redirect: string }> {
  const { url = '', method, headers } = request
  // A service worker registered by a guest's page would intercept requests for the whole origin.
  if (headers['service-worker']) throw portForbidden()
  const [, machineId = '', number, token, rest] = PORT_URL.exec(url)!
  const port = forwardPortSchema.shape.guestPort.safeParse(Number(number))
  if (!port.success) throw notFound('port')
  const target = { machineId, port: port.data }
  const root = `/machines/${machineId}/ports/${target.port}`
  if (token) {
    const ownerId = await verifyPortToken(db(), token, target)
    if (!ownerId) throw signInRequired()
    const base = `${root}/${token}`
    if (rest === undefined) return { redirect: `${base}/` }
    return { ...target, path: rest, base, hostUrl: await findHostUrl(machineId, ownerId) }
  }
  if (headers.authorization) {
    const user = await authenticate(toWebHeaders(request))
    if (!user) throw signInRequired()
    requireScope(user, 'machines')
    const hostUrl = await findHostUrl(machineId, user.id)
    await recordServiceAudit(target, toActor(user, toWebHeaders(request)))
    return { ...target, path: rest ?? '/', base: root, hostUrl }
  }
  const session = await readSession(toWebHeaders(request))
  // The account may be disabled or lack the required second factor.
  if (!session || !(await authenticate(toWebHeaders(request)))) throw signInRequired()
  await findHostUrl(machineId, session.user.id)
  if (method !== 'GET' && method !== 'HEAD') throw portForbidden()
  await recordAccess(db(), {
    machineId,
    actorId: session.user.id,
    action: 'service opened',
    detail: `port ${target.port}`,
  })
  const { id, email } = session.user
  await recordServiceAudit(target, { id, email, kind: 'session', ...requestOrigin(toWebHeaders(request)) })
  return { redirect: `${root}/${issuePortToken(session.session.id, target)}${rest ?? '/'}` }
}

const recordServiceAudit = ({ machineId, port }: { machineId: string; port: number }, actor: Actor) =>
  recordAuditedAccess(db(), {
    action: 'machine.service_opened',
    subject: { type: 'machine', id: machineId },
    detail: { port },
    actor,
  })

/** URL of the machine's host. Another user's machine is not found. */
async function findHostUrl(machineId: string, ownerId: string) {
  const machine = await db().machine.findFirst({ where: { id: machineId, ownerId }, include: { host: true } })
  if (!machine) throw notFound('machine')
  if (machine.host) return machine.host.consoleUrl
  throw noHostError()
}

const signInRequired = () =>
  new AppError({
    code: 'account.sign_in_required',
    message: 'Sign in and open this port from its machine page.',
    status: 401,
  })

const portForbidden = () =>
  new AppError({
    code: 'port.refused',
    message: 'This request needs an API key or the port token in its URL.',
    status: 403,
  })
