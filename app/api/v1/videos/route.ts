import { z } from 'zod'
import { queryOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { listVideos } from '@/lib/videos/queries'

export const dynamic = 'force-dynamic'

const listQuery = z.object({
  search: z.string().optional(),
  sort: z.enum(['newest', 'oldest', 'title', 'longest', 'largest']).optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** POST of the raw file is answered by `app/server/receive-video.ts`, before Next.js. */
export const GET = signedIn(async ({ identity, request }) =>
  Response.json(await listVideos(db(), { ownerId: identity.id, ...queryOf(request, listQuery) })),
)
