import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { captionRequestSchema } from '@/lib/captions/schema'
import { requestCaptions } from '@/lib/captions/request-captions'
import { getCaption, listVideoCaptions } from '@/lib/captions/queries'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) => {
  const target = { videoId: parseId(params, 'video'), ownerId: user.id }
  return Response.json({ captions: await listVideoCaptions(db(), target) })
})

export const POST = withUser({ scope: 'upload' }, async ({ user, params, request }) => {
  const ownerId = user.id
  const order = await parseBody(request, captionRequestSchema)
  const { captionId, taskId } = await requestCaptions(
    { db: db(), boss: await boss() },
    { videoId: parseId(params, 'video'), ownerId, ...order },
  )
  const [caption, task] = await Promise.all([
    getCaption(db(), { id: captionId, ownerId }),
    getTask(db(), { id: taskId, ownerId }),
  ])
  return Response.json({ caption, task }, { status: 202 })
})
