import { parseId, parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { respondInThread } from '@/app/http/threads/respond-in-thread'
import { exportCaptionSchema } from '@/lib/captions/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  return respondInThread('exportCaption', { ...target, ...parseQuery(request, exportCaptionSchema) })
})
