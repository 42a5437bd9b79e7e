import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { pauseQueue, queueNameSchema } from '@/lib/queues/pause'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ user, request }) => {
  const { queue } = await parseBody(request, queueNameSchema)
  await pauseQueue(db(), { queue, by: user.email })
  return Response.json({ queue, isPaused: true })
})
