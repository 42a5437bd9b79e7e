import { parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { listVideos } from '@/lib/videos/queries'
import { videoListSchema } from '@/lib/videos/schema'

export const dynamic = 'force-dynamic'

/** `app/http/uploads/upload-video.ts` handles POST before Next.js. */
export const GET = withUser(async ({ user, request }) =>
  Response.json(await listVideos(db(), { ownerId: user.id, ...parseQuery(request, videoListSchema) })),
)
