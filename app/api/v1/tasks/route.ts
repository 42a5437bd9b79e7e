import { z } from 'zod'
import { queryOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { taskStateSchema } from '@/lib/tasks/contract'
import { listTasks } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

const listQuery = z.object({
  kind: z.string().optional(),
  state: taskStateSchema.optional(),
  videoId: z.uuid().optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

export const GET = signedIn(async ({ identity, request }) =>
  Response.json(await listTasks(db(), { ownerId: identity.id, ...queryOf(request, listQuery) })),
)
