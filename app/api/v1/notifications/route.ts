import { bodyOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import {
  changeNotificationSettings,
  notificationChangeSchema,
  readNotificationSettings,
} from '@/lib/mail/settings'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity }) =>
  Response.json(await readNotificationSettings(db(), identity.id)),
)

export const PATCH = signedIn(async ({ identity, request }) => {
  const change = await bodyOf(request, notificationChangeSchema)
  return Response.json(await changeNotificationSettings(db(), identity.id, change))
})
