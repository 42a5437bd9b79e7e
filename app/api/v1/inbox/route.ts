import { parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { listNotifications } from '@/lib/notifications/queries'
import { inboxQuerySchema } from '@/lib/notifications/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, request }) =>
  Response.json(
    await listNotifications(db(), { ownerId: user.id, ...parseQuery(request, inboxQuerySchema) }),
  ),
)
