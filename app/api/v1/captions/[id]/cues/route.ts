import { parseId, parseQuery, readBytes } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { respondInThread } from '@/app/http/threads/respond-in-thread'
import { cueListSchema } from '@/lib/captions/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  return respondInThread('listCues', { ...target, ...parseQuery(request, cueListSchema) })
})

/** The body is parsed in the thread too. */
export const PATCH = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  const body = await readBytes(request)
  return respondInThread('editCues', { target, body }, [body.buffer])
})
