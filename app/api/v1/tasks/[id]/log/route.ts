import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { respondInThread } from '@/app/http/threads/respond-in-thread'

export const dynamic = 'force-dynamic'

export const GET = withUser(({ user, params }) =>
  respondInThread('readTaskLog', { id: parseId(params, 'task'), ownerId: user.id }),
)
