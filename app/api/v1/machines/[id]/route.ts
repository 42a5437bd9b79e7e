import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { updateMachineSchema } from '@/lib/machines/schema'
import { updateMachine } from '@/lib/machines/commands'
import { requestTermination } from '@/lib/machines/termination'
import { getMachine, getMachineWithTask } from '@/lib/machines/queries'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json(await getMachine(db(), { id: parseId(params, 'machine'), ownerId: user.id })),
)

export const PATCH = withUser({ scope: 'machines' }, async ({ user, params, request }) => {
  const target = { id: parseId(params, 'machine'), ownerId: user.id }
  const change = await parseBody(request, updateMachineSchema)
  await updateMachine({ db: db(), ...target, actorId: user.id }, change)
  return Response.json(await getMachine(db(), target))
})

export const DELETE = withUser({ scope: 'machines' }, async ({ user, params }) => {
  const target = { id: parseId(params, 'machine'), ownerId: user.id }
  await requestTermination({ db: db(), boss: await boss(), ...target, actorId: user.id })
  return Response.json(await getMachineWithTask(db(), target), { status: 202 })
})
