import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { storage } from '@/lib/storage/this-storage'
import { boss } from '@/lib/tasks/boss'
import { videoChangeSchema } from '@/lib/videos/contract'
import { deleteVideo, renameVideo } from '@/lib/videos/control'
import { getVideo } from '@/lib/videos/queries'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) =>
  Response.json(await getVideo(db(), { id: idOf(params, 'video'), ownerId: identity.id })),
)

export const PATCH = signedIn(async ({ identity, params, request }) => {
  const { title } = videoChangeSchema.parse(await request.json().catch(() => null))
  const target = { id: idOf(params, 'video'), ownerId: identity.id }
  await renameVideo({ db: db(), ...target, title })
  return Response.json(await getVideo(db(), target))
})

export const DELETE = signedIn(async ({ identity, params }) => {
  await deleteVideo({
    db: db(),
    boss: await boss(),
    storage: storage(),
    id: idOf(params, 'video'),
    ownerId: identity.id,
  })
  return new Response(null, { status: 204 })
})
