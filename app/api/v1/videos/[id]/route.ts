import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { updateVideoSchema } from '@/lib/videos/schema'
import { deleteVideo, updateVideo } from '@/lib/videos/commands'
import { getVideo } from '@/lib/videos/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json(await getVideo(db(), { id: parseId(params, 'video'), ownerId: user.id })),
)

export const PATCH = withUser(async ({ user, params, request }) => {
  const update = await parseBody(request, updateVideoSchema)
  const target = { id: parseId(params, 'video'), ownerId: user.id }
  await updateVideo({ db: db(), ...target, update })
  return Response.json(await getVideo(db(), target))
})

export const DELETE = withUser(async ({ user, params }) => {
  await deleteVideo({
    db: db(),
    boss: await boss(),
    storage: await configuredStorage(),
    id: parseId(params, 'video'),
    ownerId: user.id,
  })
  return new Response(null, { status: 204 })
})
