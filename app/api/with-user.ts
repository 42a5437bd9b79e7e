import { withProblemDetails } from '@/app/http/problem-details'
import { type AuthenticatedUser, requireAuthentication, toActor } from '@/lib/accounts/authenticate'
import { runAsActor } from '@/lib/audit/actor'
import { pathNotFound } from './path-not-found'

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

/** A route for signed-in users and API keys. Errors become problem+json. */
export function withUser(handle: AuthenticatedHandler) {
  return (request: Request, context: RouteContext) =>
    withProblemDetails(async () => {
      const user = await requireAuthentication(request.headers)
      const params = await context.params
      return runAsActor(toActor(user, request.headers), () => handle({ user, request, params }))
    })
}

/** A route for administrators. Other users get the 404 of a path that does not exist. */
export const withAdmin = (handle: AuthenticatedHandler) =>
  withUser(async (request) => {
    if (request.user.isAdmin) return handle(request)
    throw pathNotFound()
  })
