import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) =>
  Response.json(await getTask(db(), { id: idOf(params, 'task'), ownerId: identity.id })),
)
