import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createMachineShare, listMachineShares } from '@/lib/shares/machine-shares'
import { machineShareSettingsSchema } from '@/lib/shares/schema'

export const dynamic = 'force-dynamic'

// Links may admit typing, which a key that only reads may not.
export const GET = withUser({ scope: 'machines' }, async ({ user, params }) => {
  const machineId = parseId(params, 'machine')
  return Response.json({ shares: await listMachineShares(db(), { machineId, ownerId: user.id }) })
})

export const POST = withUser({ scope: 'machines' }, async ({ user, params, request }) => {
  const machineId = parseId(params, 'machine')
  const settings = await parseBody(request, machineShareSettingsSchema)
  const share = await createMachineShare(db(), { machineId, ownerId: user.id, settings })
  return Response.json(share, { status: 201 })
})
