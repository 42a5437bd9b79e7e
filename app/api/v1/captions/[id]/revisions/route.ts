import { idOf, signedIn } from '@/app/api/respond'
import { listRevisions } from '@/lib/captions/edit'
import { db } from '@/lib/db'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) => {
  const target = { id: idOf(params, 'caption'), ownerId: identity.id }
  return Response.json({ revisions: await listRevisions({ db: db(), ...target }) })
})
