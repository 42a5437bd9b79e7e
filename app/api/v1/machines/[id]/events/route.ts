import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { listMachineEvents } from '@/lib/machines/events'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) => {
  const id = idOf(params, 'machine')
  return Response.json({ events: await listMachineEvents(db(), { id, ownerId: identity.id }) })
})
