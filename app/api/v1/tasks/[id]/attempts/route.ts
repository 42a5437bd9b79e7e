import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { getTaskAttempts } from '@/lib/tasks/attempts'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json({
    attempts: await getTaskAttempts(db(), { id: parseId(params, 'task'), ownerId: user.id }),
  }),
)
