import { pathNotFound } from '@/app/api/path-not-found'
import { allowedMethods } from '@/app/http/middleware/allowed-methods'
import { withProblemDetails } from '@/app/http/problem-details'

export const dynamic = 'force-dynamic'

/**
 * Answers requests that no other route or handler takes: unknown paths with problem+json like every other error, and
 * paths whose handlers bypass Next.js with the methods that they support. `describeMethodNotAllowed` describes a 405.
 */
const respond = (request: Request) =>
  withProblemDetails(async () => {
    const methods = allowedMethods(new URL(request.url).pathname)
    if (methods.length === 0) throw pathNotFound()
    const status = request.method === 'OPTIONS' ? 204 : 405
    return new Response(null, { status, headers: { allow: methods.join(', ') } })
  })

export {
  respond as DELETE,
  respond as GET,
  respond as OPTIONS,
  respond as PATCH,
  respond as POST,
  respond as PUT,
}
