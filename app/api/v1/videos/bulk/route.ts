import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { bulkChangeSchema } from '@/lib/videos/bulk-schema'
import { changeVideos } from '@/lib/videos/change-videos'

export const dynamic = 'force-dynamic'

export const POST = withUser(async ({ user, request }) => {
  const change = await parseBody(request, bulkChangeSchema)
  return Response.json(await changeVideos({ db: db(), boss: await boss() }, { ownerId: user.id, change }))
})
