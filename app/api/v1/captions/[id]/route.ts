import { bodyOf, idOf, signedIn } from '@/app/api/respond'
import { captionChangeSchema } from '@/lib/captions/contract'
import { changeCaption, deleteCaption } from '@/lib/captions/control'
import { getCaption } from '@/lib/captions/queries'
import { db } from '@/lib/db'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) =>
  Response.json(await getCaption(db(), { id: idOf(params, 'caption'), ownerId: identity.id })),
)

export const PATCH = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'caption'), ownerId: identity.id }
  await changeCaption(db(), { ...target, ...(await bodyOf(request, captionChangeSchema)) })
  return Response.json(await getCaption(db(), target))
})

export const DELETE = signedIn(async ({ identity, params }) => {
  await deleteCaption({ db: db(), boss: await boss() }, { id: idOf(params, 'caption'), ownerId: identity.id })
  return new Response(null, { status: 204 })
})
