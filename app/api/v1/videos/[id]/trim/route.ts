import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'
import { getVideo } from '@/lib/videos/queries'
import { requestTrim } from '@/lib/videos/trim/request-trim'
import { trimRequestSchema } from '@/lib/videos/trim/schema'
import { restoreWhole } from '@/lib/videos/trim/whole-commands'

export const dynamic = 'force-dynamic'

export const PUT = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'video'), ownerId: user.id }
  const range = await parseBody(request, trimRequestSchema)
  const taskId = await requestTrim({ db: db(), boss: await boss() }, { ...target, ...range })
  return Response.json({ task: await getTask(db(), { id: taskId, ownerId: user.id }) }, { status: 202 })
})

export const DELETE = withUser(async ({ user, params }) => {
  const target = { id: parseId(params, 'video'), ownerId: user.id }
  await restoreWhole({ db: db(), boss: await boss(), storage: await configuredStorage(), ...target })
  return Response.json(await getVideo(db(), target))
})
