import { bodyOf, idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { machineChangeSchema } from '@/lib/machines/contract'
import { editMachine, terminate } from '@/lib/machines/control'
import { getMachine, getMachineAnswer } from '@/lib/machines/queries'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params }) =>
  Response.json(await getMachine(db(), { id: idOf(params, 'machine'), ownerId: identity.id })),
)

export const PATCH = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'machine'), ownerId: identity.id }
  const change = await bodyOf(request, machineChangeSchema)
  await editMachine({ db: db(), ...target, actorId: identity.id }, change)
  return Response.json(await getMachine(db(), target))
})

export const DELETE = signedIn(async ({ identity, params }) => {
  const target = { id: idOf(params, 'machine'), ownerId: identity.id }
  await terminate({ db: db(), boss: await boss(), ...target, actorId: identity.id })
  return Response.json(await getMachineAnswer(db(), target), { status: 202 })
})
