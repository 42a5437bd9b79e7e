import { z } from 'zod'
import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { notFound } from '@/lib/errors'
import { changeMachine } from '@/lib/machines/control'
import { getMachineAnswer } from '@/lib/machines/queries'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

const actionSchema = z.enum(['start', 'stop', 'reboot'])

export const POST = signedIn(async ({ identity, params }) => {
  const target = { id: idOf(params, 'machine'), ownerId: identity.id }
  const action = actionSchema.safeParse(params.action)
  if (!action.success) throw notFound('action')
  await changeMachine({ db: db(), boss: await boss(), ...target, actorId: identity.id }, action.data)
  return Response.json(await getMachineAnswer(db(), target), { status: 202 })
})
