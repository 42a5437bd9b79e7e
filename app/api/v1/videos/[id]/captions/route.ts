import { bodyOf, idOf, signedIn } from '@/app/api/respond'
import { captionOrderSchema } from '@/lib/captions/contract'
import { requestCaptions } from '@/lib/captions/control'
import { getCaption, getCaptionsOfVideo } from '@/lib/captions/queries'
import { db } from '@/lib/db'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) => {
  const target = { videoId: idOf(params, 'video'), ownerId: identity.id }
  return Response.json({ captions: await getCaptionsOfVideo(db(), target) })
})

export const POST = signedIn(async ({ identity, params, request }) => {
  const ownerId = identity.id
  const order = await bodyOf(request, captionOrderSchema)
  const { captionId, taskId } = await requestCaptions(
    { db: db(), boss: await boss() },
    { videoId: idOf(params, 'video'), ownerId, ...order },
  )
  const [caption, task] = await Promise.all([
    getCaption(db(), { id: captionId, ownerId }),
    getTask(db(), { id: taskId, ownerId }),
  ])
  return Response.json({ caption, task }, { status: 202 })
})
