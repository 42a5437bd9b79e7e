import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { revertSchema } from '@/lib/captions/schema'
import { revertRevision } from '@/lib/captions/revisions'
import { getCaption } from '@/lib/captions/queries'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const POST = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  const revision = await revertRevision({ db: db(), ...target, ...(await parseBody(request, revertSchema)) })
  return Response.json({ revision, caption: await getCaption(db(), target) })
})
