import { queryOf, signedIn } from '@/app/api/respond'
import { captionSearchSchema } from '@/lib/captions/contract'
import { searchCaptions } from '@/lib/captions/search'
import { db } from '@/lib/db'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, request }) => {
  const asked = queryOf(request, captionSearchSchema)
  return Response.json({ hits: await searchCaptions(db(), { ownerId: identity.id, ...asked }) })
})
