import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { revokeShare, updateShare } from '@/lib/shares/commands'
import { shareSettingsSchema } from '@/lib/shares/schema'

export const dynamic = 'force-dynamic'

export const PATCH = withUser(async ({ user, params, request }) => {
  const id = parseId(params, 'share')
  const settings = await parseBody(request, shareSettingsSchema)
  return Response.json(await updateShare({ db: db(), id, ownerId: user.id, settings }))
})

export const DELETE = withUser(async ({ user, params }) => {
  await revokeShare({ db: db(), id: parseId(params, 'share'), ownerId: user.id })
  return new Response(null, { status: 204 })
})
