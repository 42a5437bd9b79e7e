import { parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { toSubjectRefs } from '@/lib/tasks/legacy-subject'
import { listTasks } from '@/lib/tasks/queries'
import { taskListSchema } from '@/lib/tasks/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, request }) => {
  const { videoId, machineId, ...filter } = parseQuery(request, taskListSchema)
  const subjects = toSubjectRefs({ videoId, machineId })
  return Response.json(await listTasks(db(), { ownerId: user.id, ...filter, subjects }))
})
