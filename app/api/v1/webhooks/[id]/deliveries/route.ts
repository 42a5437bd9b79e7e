import { parseId, parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { listDeliveries } from '@/lib/webhooks/queries'
import { deliveryListSchema } from '@/lib/webhooks/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'webhook'), ownerId: user.id }
  return Response.json(await listDeliveries(db(), { ...parseQuery(request, deliveryListSchema), ...target }))
})
