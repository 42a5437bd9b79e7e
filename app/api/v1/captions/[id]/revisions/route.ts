import { parseId, withUser } from '@/app/api/route-handler'
import { listRevisions } from '@/lib/captions/revisions'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  return Response.json({ revisions: await listRevisions({ db: db(), ...target }) })
})
