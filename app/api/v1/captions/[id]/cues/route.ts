import { parseBody, parseId, parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { cueChangeSchema, cueListSchema } from '@/lib/captions/schema'
import { editCues } from '@/lib/captions/revisions'
import { getCaption, getCues } from '@/lib/captions/queries'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  return Response.json(await getCues(db(), { ...target, ...parseQuery(request, cueListSchema) }))
})

export const PATCH = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  const change = await parseBody(request, cueChangeSchema)
  const revision = await editCues({ db: db(), ...target, change })
  return Response.json({ revision, caption: await getCaption(db(), target) })
})
