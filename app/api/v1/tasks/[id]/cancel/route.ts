import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { boss } from '@/lib/tasks/boss'
import { cancelTask } from '@/lib/tasks/control'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const POST = signedIn(async ({ identity, params }) => {
  const id = idOf(params, 'task')
  await cancelTask({ db: db(), boss: await boss(), taskId: id, ownerId: identity.id })
  return Response.json(await getTask(db(), { id, ownerId: identity.id }))
})
