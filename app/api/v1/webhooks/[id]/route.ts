import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { updateWebhookSchema } from '@/lib/webhooks/schema'
import { deleteEndpoint, updateEndpoint } from '@/lib/webhooks/commands'
import { getEndpoint } from '@/lib/webhooks/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json(await getEndpoint(db(), { id: parseId(params, 'webhook'), ownerId: user.id })),
)

export const PATCH = withUser({ isSensitive: true }, async ({ user, params, request }) => {
  const target = { id: parseId(params, 'webhook'), ownerId: user.id }
  return Response.json(await updateEndpoint(db(), target, await parseBody(request, updateWebhookSchema)))
})

export const DELETE = withUser({ isSensitive: true }, async ({ user, params }) => {
  await deleteEndpoint(db(), { id: parseId(params, 'webhook'), ownerId: user.id })
  return new Response(null, { status: 204 })
})
