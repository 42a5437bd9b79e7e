import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'
import { choosePoster } from '@/lib/videos/choose-poster'
import { posterRequestSchema } from '@/lib/videos/poster-schema'

export const dynamic = 'force-dynamic'

export const PUT = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'video'), ownerId: user.id }
  const choice = await parseBody(request, posterRequestSchema)
  const taskId = await choosePoster({ db: db(), boss: await boss() }, { ...target, choice })
  return Response.json({ task: await getTask(db(), { id: taskId, ownerId: user.id }) }, { status: 202 })
})
