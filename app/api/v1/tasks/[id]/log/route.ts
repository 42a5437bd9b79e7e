import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { getTaskLog } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json({ lines: await getTaskLog(db(), { id: parseId(params, 'task'), ownerId: user.id }) }),
)
