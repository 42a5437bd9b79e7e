import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { updateCaptionSchema } from '@/lib/captions/schema'
import { updateCaption, deleteCaption } from '@/lib/captions/commands'
import { getCaption } from '@/lib/captions/queries'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json(await getCaption(db(), { id: parseId(params, 'caption'), ownerId: user.id })),
)

export const PATCH = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  await updateCaption(db(), { ...target, ...(await parseBody(request, updateCaptionSchema)) })
  return Response.json(await getCaption(db(), target))
})

export const DELETE = withUser(async ({ user, params }) => {
  await deleteCaption({ db: db(), boss: await boss() }, { id: parseId(params, 'caption'), ownerId: user.id })
  return new Response(null, { status: 204 })
})
