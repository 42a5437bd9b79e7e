import { bodyOf, idOf, queryOf, signedIn } from '@/app/api/respond'
import { cueChangeSchema, cueListSchema } from '@/lib/captions/contract'
import { editCues } from '@/lib/captions/edit'
import { getCaption, getCues } from '@/lib/captions/queries'
import { db } from '@/lib/db'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'caption'), ownerId: identity.id }
  return Response.json(await getCues(db(), { ...target, ...queryOf(request, cueListSchema) }))
})

export const PATCH = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'caption'), ownerId: identity.id }
  const change = await bodyOf(request, cueChangeSchema)
  const revision = await editCues({ db: db(), ...target, change })
  return Response.json({ revision, caption: await getCaption(db(), target) })
})
