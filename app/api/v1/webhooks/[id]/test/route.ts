import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { sendTestEvent } from '@/lib/webhooks/delivery-commands'

export const POST = withUser(async ({ user, params }) => {
  const target = { id: parseId(params, 'webhook'), ownerId: user.id }
  return Response.json(await sendTestEvent({ db: db(), boss: await boss() }, target), { status: 202 })
})
