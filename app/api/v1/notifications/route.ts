import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import {
  updateNotificationSettings,
  updateNotificationSettingsSchema,
  readNotificationSettings,
} from '@/lib/notifications/settings'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) => Response.json(await readNotificationSettings(db(), user.id)))

export const PATCH = withUser(async ({ user, request }) => {
  const change = await parseBody(request, updateNotificationSettingsSchema)
  return Response.json(await updateNotificationSettings(db(), user.id, change))
})
