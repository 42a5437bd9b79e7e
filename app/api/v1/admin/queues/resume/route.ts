import { asAdmin } from '@/app/api/as-admin'
import { bodyOf } from '@/app/api/respond'
import { db } from '@/lib/db'
import { queueNameSchema, resumeQueue } from '@/lib/queues/pause'

export const dynamic = 'force-dynamic'

export const POST = asAdmin(async ({ request }) => {
  const { queue } = await bodyOf(request, queueNameSchema)
  await resumeQueue(db(), { queue })
  return Response.json({ queue, isPaused: false })
})
