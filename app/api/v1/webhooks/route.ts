import { bodyOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { webhookOrderSchema } from '@/lib/webhooks/contract'
import { addEndpoint, listEndpoints } from '@/lib/webhooks/endpoints'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity }) => Response.json(await listEndpoints(db(), identity.id)))

export const POST = signedIn(async ({ identity, request }) => {
  const order = await bodyOf(request, webhookOrderSchema)
  return Response.json(await addEndpoint(db(), { ownerId: identity.id, order }), { status: 201 })
})
