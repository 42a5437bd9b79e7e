import { toProblemResponse } from '@/app/http/problem-details'
import { auth } from '@/lib/accounts/auth'
import { withMinimumDuration } from '@/lib/accounts/minimum-duration'

export const dynamic = 'force-dynamic'
const handler = async (request: Request) =>
  addRetryAfter(await withMinimumDuration(request, () => auth().handler(request).catch(toProblemResponse)))
export { handler as GET, handler as POST }

/** better-auth sends the delay only under a name of its own. */
function addRetryAfter(response: Response) {
  const seconds = response.headers.get('x-retry-after')
  if (seconds) response.headers.set('retry-after', seconds)
  return response
}
