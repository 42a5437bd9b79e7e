import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { queueNameSchema, resumeQueue } from '@/lib/queues/pause'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ request }) => {
  const { queue } = await parseBody(request, queueNameSchema)
  await resumeQueue(db(), { queue })
  return Response.json({ queue, isPaused: false })
})
