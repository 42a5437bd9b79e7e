import { bodyOf, idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { portOrderSchema } from '@/lib/machines/contract'
import { forwardPort, listPorts } from '@/lib/machines/ports'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) => {
  const target = { db: db(), id: idOf(params, 'machine'), ownerId: identity.id }
  return Response.json({ ports: await listPorts(target) })
})

export const POST = signedIn(async ({ identity, params, request }) => {
  const target = { db: db(), id: idOf(params, 'machine'), ownerId: identity.id }
  return Response.json(await forwardPort(target, await bodyOf(request, portOrderSchema)), { status: 201 })
})
