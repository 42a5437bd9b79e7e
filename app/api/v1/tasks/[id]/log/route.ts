import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { getTaskLog } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) =>
  Response.json({ lines: await getTaskLog(db(), { id: idOf(params, 'task'), ownerId: identity.id }) }),
)
