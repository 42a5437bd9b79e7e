import { queryOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { listTasks, taskListSchema } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, request }) =>
  Response.json(await listTasks(db(), { ownerId: identity.id, ...queryOf(request, taskListSchema) })),
)
