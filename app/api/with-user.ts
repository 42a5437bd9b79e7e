import { withProblemDetails } from '@/app/http/problem-details'
import { type AuthenticatedUser, requireAuthentication, toActor } from '@/lib/accounts/authenticate'
import { requireRecentAuthentication } from '@/lib/accounts/reauthentication'
import { type ApiScope, defaultScope } from '@/lib/accounts/scopes'
import { runAsActor } from '@/lib/audit/actor'
import { pathNotFound } from './path-not-found'

const SAFE_METHODS = ['GET', 'HEAD']

export type RouteParams = Record<string, string | string[]>

interface RouteContext {
  params: Promise<RouteParams>
}

interface AuthenticatedRequest {
  user: AuthenticatedUser
  request: Request
  params: RouteParams
}

type AuthenticatedHandler = (request: AuthenticatedRequest) => Promise<Response>

interface Options {
  /** The scope that an API key needs. Default: that of the method. */
  scope?: ApiScope
  /** Changes that a stolen session must not make: its user has to confirm the identity first. Default: those of scope `admin`. */
  isSensitive?: boolean
  /** Answers other users like a path that does not exist. Default: false. */
  isAdminOnly?: boolean
}

/** A route for signed-in users and API keys. Errors become problem+json. */
export function withUser(
  ...args: [handle: AuthenticatedHandler] | [options: Options, handle: AuthenticatedHandler]
) {
  const [options, handle] = args.length === 1 ? [{}, args[0]] : args
  return (request: Request, context: RouteContext) =>
    withProblemDetails(async () => {
      const scope = options.scope ?? defaultScope(request.method)
      const user = await requireAuthentication(request.headers, scope)
      if (options.isAdminOnly && !user.isAdmin) throw pathNotFound()
      const isSensitive = options.isSensitive ?? scope === 'admin'
      if (isSensitive && !SAFE_METHODS.includes(request.method)) requireRecentAuthentication(user)
      const params = await context.params
      return runAsActor(toActor(user, request.headers), () => handle({ user, request, params }))
    })
}

/** A route for administrators. Other users get the 404 of a path that does not exist. */
export const withAdmin = (handle: AuthenticatedHandler) =>
  withUser({ scope: 'admin', isAdminOnly: true }, handle)
