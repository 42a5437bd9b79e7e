import { z } from 'zod'
import { bodyOf, idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { machineOrderSchema } from '@/lib/machines/contract'
import { resize } from '@/lib/machines/control'
import { getMachineAnswer } from '@/lib/machines/queries'
import { sizeOf } from '@/lib/machines/sizes'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

const resizeSchema = z.object({ size: machineOrderSchema.shape.size.unwrap() })

export const POST = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'machine'), ownerId: identity.id }
  const { size } = await bodyOf(request, resizeSchema)
  await resize({ db: db(), boss: await boss(), ...target, actorId: identity.id }, sizeOf(size))
  return Response.json(await getMachineAnswer(db(), target), { status: 202 })
})
