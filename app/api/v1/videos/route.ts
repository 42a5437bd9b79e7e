import { queryOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { listVideos, videoListSchema } from '@/lib/videos/queries'

export const dynamic = 'force-dynamic'

/** POST of the raw file is answered by `app/server/receive-video.ts`, before Next.js. */
export const GET = signedIn(async ({ identity, request }) =>
  Response.json(await listVideos(db(), { ownerId: identity.id, ...queryOf(request, videoListSchema) })),
)
