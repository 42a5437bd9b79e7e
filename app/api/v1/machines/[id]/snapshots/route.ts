import { bodyOf, idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { snapshotOrderSchema, takeSnapshot } from '@/lib/machines/snapshots'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = signedIn(async ({ identity, params, request }) => {
  const target = { db: db(), boss: await boss(), id: idOf(params, 'machine'), ownerId: identity.id }
  const { name } = await bodyOf(request, snapshotOrderSchema)
  return Response.json(await takeSnapshot(target, name), { status: 202 })
})
