import { idOf, queryOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { deliveryListSchema, listDeliveries } from '@/lib/webhooks/deliveries'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'webhook'), ownerId: identity.id }
  return Response.json(await listDeliveries(db(), { ...queryOf(request, deliveryListSchema), ...target }))
})
