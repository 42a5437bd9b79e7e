import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { retryTask } from '@/lib/tasks/commands'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const POST = withUser(async ({ user, params }) => {
  const id = parseId(params, 'task')
  await retryTask({ db: db(), boss: await boss(), taskId: id, ownerId: user.id })
  return Response.json(await getTask(db(), { id, ownerId: user.id }))
})
