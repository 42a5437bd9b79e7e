import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createWebhookSchema } from '@/lib/webhooks/schema'
import { createEndpoint } from '@/lib/webhooks/commands'
import { listEndpoints } from '@/lib/webhooks/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) => Response.json(await listEndpoints(db(), user.id)))

export const POST = withUser({ isSensitive: true }, async ({ user, request }) => {
  const input = await parseBody(request, createWebhookSchema)
  return Response.json(await createEndpoint(db(), { ownerId: user.id, input }), { status: 201 })
})
