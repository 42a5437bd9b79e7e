import { z } from 'zod'
import { queryOf, signedIn } from '@/app/api/respond'
import { receiveBody } from '@/app/server/receive-body'
import { db } from '@/lib/db'
import { getTask } from '@/lib/tasks/queries'
import { getVideo, listVideos } from '@/lib/videos/queries'

export const dynamic = 'force-dynamic'

const listQuery = z.object({
  search: z.string().optional(),
  sort: z.enum(['newest', 'oldest', 'title', 'longest', 'largest']).optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

export const GET = signedIn(async ({ identity, request }) =>
  Response.json(await listVideos(db(), { ownerId: identity.id, ...queryOf(request, listQuery) })),
)

/** The raw file as body, its name as `?filename=`. */
export const POST = signedIn(async ({ identity, request }) => {
  const { filename } = queryOf(request, z.object({ filename: z.string().min(1) }))
  const { videoId, taskId } = await receiveBody({ request, ownerId: identity.id, filename })
  const video = await getVideo(db(), { id: videoId, ownerId: identity.id })
  const task = await getTask(db(), { id: taskId, ownerId: identity.id })
  return Response.json({ video, task }, { status: 202 })
})
