import { parseQuery, withUser } from '@/app/api/route-handler'
import { db } from '@/lib/database/db'
import { listTasks, taskListSchema } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, request }) =>
  Response.json(await listTasks(db(), { ownerId: user.id, ...parseQuery(request, taskListSchema) })),
)
