import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { forwardPortSchema } from '@/lib/machines/schema'
import { forwardPort, listForwardedPorts } from '@/lib/machines/ports'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) => {
  const target = { db: db(), id: parseId(params, 'machine'), ownerId: user.id }
  return Response.json({ ports: await listForwardedPorts(target) })
})

export const POST = withUser({ scope: 'machines' }, async ({ user, params, request }) => {
  const target = { db: db(), id: parseId(params, 'machine'), ownerId: user.id }
  return Response.json(await forwardPort(target, await parseBody(request, forwardPortSchema)), {
    status: 201,
  })
})
