import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { getCaption } from '@/lib/captions/queries'
import { requestTranslation } from '@/lib/captions/request-translation'
import { translationRequestSchema } from '@/lib/captions/schema'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const POST = withUser({ scope: 'upload' }, async ({ user, params, request }) => {
  const ownerId = user.id
  const id = parseId(params, 'caption')
  const order = await parseBody(request, translationRequestSchema)
  const { captionId, taskId } = await requestTranslation(
    { db: db(), boss: await boss() },
    { id, ownerId, ...order },
  )
  const [caption, task] = await Promise.all([
    getCaption(db(), { id: captionId, ownerId }),
    getTask(db(), { id: taskId, ownerId }),
  ])
  return Response.json({ caption, task }, { status: 202 })
})
