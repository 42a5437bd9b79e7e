import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { updateNotification } from '@/lib/notifications/commands'
import { updateNotificationSchema } from '@/lib/notifications/schema'

export const dynamic = 'force-dynamic'

export const PATCH = withUser(async ({ user, request, params }) => {
  const id = parseId(params, 'notification')
  const { isRead } = await parseBody(request, updateNotificationSchema)
  return Response.json(await updateNotification(db(), { id, ownerId: user.id, isRead }))
})
