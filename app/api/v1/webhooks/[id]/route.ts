import { bodyOf, idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { webhookChangeSchema } from '@/lib/webhooks/contract'
import { changeEndpoint, getEndpoint, removeEndpoint } from '@/lib/webhooks/endpoints'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) =>
  Response.json(await getEndpoint(db(), { id: idOf(params, 'webhook'), ownerId: identity.id })),
)

export const PATCH = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'webhook'), ownerId: identity.id }
  return Response.json(await changeEndpoint(db(), target, await bodyOf(request, webhookChangeSchema)))
})

export const DELETE = signedIn(async ({ identity, params }) => {
  await removeEndpoint(db(), { id: idOf(params, 'webhook'), ownerId: identity.id })
  return new Response(null, { status: 204 })
})
