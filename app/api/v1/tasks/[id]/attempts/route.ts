import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { getTaskAttempts } from '@/lib/tasks/attempts'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) =>
  Response.json({
    attempts: await getTaskAttempts(db(), { id: idOf(params, 'task'), ownerId: identity.id }),
  }),
)
