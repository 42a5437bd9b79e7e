import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { revokeMachineShare } from '@/lib/shares/machine-shares'

export const dynamic = 'force-dynamic'

export const DELETE = withUser({ scope: 'machines' }, async ({ user, params }) => {
  const machineId = parseId(params, 'machine')
  const id = parseId({ id: params.shareId! }, 'share')
  await revokeMachineShare(db(), { id, machineId, ownerId: user.id })
  return new Response(null, { status: 204 })
})
