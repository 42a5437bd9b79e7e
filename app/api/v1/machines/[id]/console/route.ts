import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { issueConsoleToken } from '@/lib/machines/console-token'

export const dynamic = 'force-dynamic'

export const POST = withUser({ scope: 'machines' }, async ({ user, params }) => {
  const id = parseId(params, 'machine')
  return Response.json(await issueConsoleToken(db(), { id, ownerId: user.id }), { status: 201 })
})
