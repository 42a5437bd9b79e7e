import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createSnapshotSchema, requestSnapshot } from '@/lib/machines/snapshots'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = withUser({ scope: 'machines' }, async ({ user, params, request }) => {
  const target = { db: db(), boss: await boss(), id: parseId(params, 'machine'), ownerId: user.id }
  const { name } = await parseBody(request, createSnapshotSchema)
  return Response.json(await requestSnapshot(target, name), { status: 202 })
})
