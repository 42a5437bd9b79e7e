import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { listRevisions } from '@/lib/captions/revisions'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  return Response.json({ revisions: await listRevisions({ db: db(), ...target }) })
})
