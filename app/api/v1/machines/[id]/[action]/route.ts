import { z } from 'zod'
import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { notFound } from '@/lib/errors'
import { requestPowerAction } from '@/lib/machines/power-actions'
import { getMachineWithTask } from '@/lib/machines/queries'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

const actionSchema = z.enum(['start', 'stop', 'reboot'])

export const POST = withUser({ scope: 'machines' }, async ({ user, params }) => {
  const target = { id: parseId(params, 'machine'), ownerId: user.id }
  const action = actionSchema.safeParse(params.action)
  if (!action.success) throw notFound('action')
  await requestPowerAction({ db: db(), boss: await boss(), ...target, actorId: user.id }, action.data)
  return Response.json(await getMachineWithTask(db(), target), { status: 202 })
})
