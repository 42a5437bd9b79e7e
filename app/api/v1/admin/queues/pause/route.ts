import { asAdmin } from '@/app/api/as-admin'
import { bodyOf } from '@/app/api/respond'
import { db } from '@/lib/db'
import { pauseQueue, queueNameSchema } from '@/lib/queues/pause'

export const dynamic = 'force-dynamic'

export const POST = asAdmin(async ({ identity, request }) => {
  const { queue } = await bodyOf(request, queueNameSchema)
  await pauseQueue(db(), { queue, by: identity.email })
  return Response.json({ queue, isPaused: true })
})
