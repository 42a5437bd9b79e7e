import type { IncomingMessage } from 'node:http'
import { authenticate, toActor } from '@/lib/accounts/authenticate'
import { requireScope } from '@/lib/accounts/scopes'
import { readSession } from '@/lib/accounts/session'
import { type Actor, requestOrigin } from '@/lib/audit/actor'
import { recordAuditedAccess } from '@/lib/audit/commands'
import { db } from '@/lib/database/db'
import { AppError, notFound } from '@/lib/errors'
import { noHostError, noNetworkError } from '@/lib/machines/errors'
import { forwardPortSchema } from '@/lib/machines/schema'
import { recordAccess } from '@/lib/machines/events'
import { issuePortToken, verifyPortToken } from '@/lib/machines/port-token'
import { claimPage, hasPagesHost, isPagesHost, toAppUrl, toPageUrl } from './pages-host'
import { toWebHeaders } from '../to-web-headers'
import * as messages from '@/lib/generated/messages/machine-errors'
import * as nameMessages from '@/lib/generated/messages/machine-names'

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
  /** Cookie for the browser, where guest pages have a host name of their own. */
  setCookie?: string
}

export const isMachinePortPath = (url = '') => PORT_URL.test(url)

/**
 * Authorizes a request to a port of a machine: the owner's API key, or a port token in the path. To open a page, a browser
 * also needs the session cookie: one with a cookie but without a valid token of its session is redirected to a path with
 * one. What the page then loads has no cookie, because the page has an opaque origin.
 * @throws {AppError} account.sign_in_required, machine.not_found, machine.no_host, machine.no_network, port.not_found,
 * port.refused
 */
export async function authorizePort(
  request: IncomingMessage,
): Promise<AuthorizedPort | { redirect: string }> {
  const { url = '', headers } = request
  // A service worker registered by a guest's page would intercept requests for the whole origin.
  if (headers['service-worker']) throw portForbidden()
  const [, machineId = '', number, token, rest] = PORT_URL.exec(url)!
  const port = forwardPortSchema.shape.guestPort.safeParse(Number(number))
  if (!port.success) throw notFound('port')
  const target = { machineId, port: port.data, root: `/machines/${machineId}/ports/${port.data}`, rest }
  if (isPagesHost(request)) return authorizeOnPagesHost(request, target, token)
  if (!token) {
    if (headers.authorization) return authorizeByKey(request, target)
    return openPage(request, target)
  }
  if (hasPagesHost()) return openPage(request, target)
  const pass = await verifyPortToken(db(), token, target)
  if (isPageNavigation(request)) {
    const session = await requireSession(request)
    if (pass?.sessionId !== session.session.id) return openPage(request, target)
  }
  if (!pass) throw signInRequired()
  const base = `${target.root}/${token}`
  if (rest === undefined) return { redirect: `${base}/` }
  return { ...target, path: rest, base, hostUrl: await findHostUrl(machineId, pass.userId) }
}

/** As above, where guest pages have a host name of their own: the session cookie is replaced by one for the page. */
async function authorizeOnPagesHost(
  request: IncomingMessage,
  target: Target,
  token = '',
): Promise<AuthorizedPort | { redirect: string }> {
  const pass = await verifyPortToken(db(), token, target)
  const base = `${target.root}/${token}`
  const isNavigation = isPageNavigation(request)
  const claim = pass && isNavigation ? await claimPage(request, { token, base }) : {}
  if (isNavigation && (!pass || !claim)) return { redirect: toAppUrl(target.root + (target.rest ?? '/')) }
  if (!pass) throw signInRequired()
  if (target.rest === undefined) return { redirect: `${base}/` }
  const hostUrl = await findHostUrl(target.machineId, pass.userId)
  return { ...target, path: target.rest, base, hostUrl, ...claim }
}

/**
 * Authorizes a request again while its response lasts, without opening a page: a token ends with its session.
 * @throws {AppError} as `authorizePort`
 */
export async function reauthorizePort(request: IncomingMessage) {
  const [, machineId = '', number, token] = PORT_URL.exec(request.url ?? '')!
  if (!token) return void (await authorizePort(request))
  const pass = await verifyPortToken(db(), token, { machineId, port: Number(number) })
  if (!pass) throw signInRequired()
  await findHostUrl(machineId, pass.userId)
}

interface Target {
  machineId: string
  port: number
  /** The path of the port here, without a token. */
  root: string
  /** The rest of the path, with the query. */
  rest: string | undefined
}

async function authorizeByKey(request: IncomingMessage, target: Target): Promise<AuthorizedPort> {
  const user = await authenticate(toWebHeaders(request))
  if (!user) throw signInRequired()
  requireScope(user, 'machines')
  const hostUrl = await findHostUrl(target.machineId, user.id)
  await recordServiceAudit(target, toActor(user, toWebHeaders(request)))
  return { ...target, path: target.rest ?? '/', base: target.root, hostUrl }
}

/** The account of a session may be disabled or lack the required second factor. */
async function requireSession(request: IncomingMessage) {
  const headers = toWebHeaders(request)
  const session = await readSession(headers)
  if (!session || !(await authenticate(headers))) throw signInRequired()
  return session
}

/** Redirects a signed-in owner to the page with a new token. */
async function openPage(request: IncomingMessage, target: Target) {
  const session = await requireSession(request)
  const { id, email } = session.user
  await findHostUrl(target.machineId, id)
  if (request.method !== 'GET' && request.method !== 'HEAD') throw portForbidden()
  await recordAccess(db(), {
    machineId: target.machineId,
    actorId: id,
    action: 'service opened',
    detail: nameMessages.eventPort({ port: target.port }),
  })
  await recordServiceAudit(target, { id, email, kind: 'session', ...requestOrigin(toWebHeaders(request)) })
  const token = await issuePortToken(db(), session.session.id, target)
  return { redirect: toPageUrl(`${target.root}/${token}${target.rest ?? '/'}`) }
}

/**
 * True when a browser opens a page in a tab, which sends the session cookie (`SameSite=Lax`). Not for a form that a guest's
 * page posts or for a frame in it: those come from an opaque origin, without the cookie. Browsers send `Sec-Fetch-*` only
 * to HTTPS and loopback addresses.
 */
function isPageNavigation({ method, headers }: IncomingMessage) {
  if (method !== 'GET' && method !== 'HEAD') return false
  const destination = headers['sec-fetch-dest']
  if (destination) return destination === 'document'
  return /\btext\/html\b/i.test(headers.accept ?? '')
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
  if (machine.network === 'none') throw noNetworkError()
  if (machine.host) return machine.host.consoleUrl
  throw noHostError()
}

const signInRequired = () =>
  new AppError({
    code: 'account.sign_in_required',
    message: messages.signInForPort(),
    status: 401,
  })

const portForbidden = () =>
  new AppError({
    code: 'port.refused',
    message: messages.portForbidden(),
    status: 403,
  })
