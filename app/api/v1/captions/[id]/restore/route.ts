import { bodyOf, idOf, signedIn } from '@/app/api/respond'
import { revertSchema } from '@/lib/captions/contract'
import { restoreRevision } from '@/lib/captions/edit'
import { getCaption } from '@/lib/captions/queries'
import { db } from '@/lib/db'

export const dynamic = 'force-dynamic'

export const POST = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'caption'), ownerId: identity.id }
  const revision = await restoreRevision({ db: db(), ...target, ...(await bodyOf(request, revertSchema)) })
  return Response.json({ revision, caption: await getCaption(db(), target) })
})
