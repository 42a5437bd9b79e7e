import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { notFound } from '@/lib/errors'
import { portOrderSchema } from '@/lib/machines/contract'
import { removePort } from '@/lib/machines/ports'

export const dynamic = 'force-dynamic'

export const DELETE = signedIn(async ({ identity, params }) => {
  const target = { db: db(), id: idOf(params, 'machine'), ownerId: identity.id }
  const guestPort = portOrderSchema.shape.guestPort.safeParse(Number(params.port))
  if (!guestPort.success) throw notFound('port')
  await removePort(target, guestPort.data)
  return new Response(null, { status: 204 })
})
