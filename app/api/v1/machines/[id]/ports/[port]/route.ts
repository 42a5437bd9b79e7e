import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { notFound } from '@/lib/errors'
import { forwardPortSchema } from '@/lib/machines/schema'
import { stopForwardingPort } from '@/lib/machines/ports'

export const dynamic = 'force-dynamic'

export const DELETE = withUser({ scope: 'machines' }, async ({ user, params }) => {
  const target = { db: db(), id: parseId(params, 'machine'), ownerId: user.id }
  const guestPort = forwardPortSchema.shape.guestPort.safeParse(Number(params.port))
  if (!guestPort.success) throw notFound('port')
  await stopForwardingPort(target, guestPort.data)
  return new Response(null, { status: 204 })
})
