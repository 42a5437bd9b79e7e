import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { markNotificationsRead } from '@/lib/notifications/commands'
import { markReadSchema } from '@/lib/notifications/schema'

export const dynamic = 'force-dynamic'

export const POST = withUser(async ({ user, request }) => {
  await markNotificationsRead(db(), user.id, await parseBody(request, markReadSchema))
  return new Response(null, { status: 204 })
})
