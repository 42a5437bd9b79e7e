import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { listMachineEvents } from '@/lib/machines/events'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) => {
  const id = parseId(params, 'machine')
  return Response.json({ events: await listMachineEvents(db(), { id, ownerId: user.id }) })
})
