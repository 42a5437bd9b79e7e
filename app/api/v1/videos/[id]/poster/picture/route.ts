import { parseId, readBytes } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'
import { uploadPoster } from '@/lib/videos/choose-poster'

export const dynamic = 'force-dynamic'

/** The raw picture is the body. */
export const PUT = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'video'), ownerId: user.id }
  const bytes = await readBytes(request)
  const deps = { db: db(), boss: await boss(), storage: await configuredStorage() }
  const taskId = await uploadPoster(deps, { ...target, bytes })
  return Response.json({ task: await getTask(db(), { id: taskId, ownerId: user.id }) }, { status: 202 })
})
