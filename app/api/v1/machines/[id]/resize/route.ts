import { z } from 'zod'
import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createMachineSchema } from '@/lib/machines/schema'
import { requestResize } from '@/lib/machines/commands'
import { getMachineWithTask } from '@/lib/machines/queries'
import { resolveMachineSize } from '@/lib/machines/sizes'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

const resizeSchema = z.object({ size: createMachineSchema.shape.size.unwrap() })

export const POST = withUser({ scope: 'machines' }, async ({ user, params, request }) => {
  const target = { id: parseId(params, 'machine'), ownerId: user.id }
  const { size } = await parseBody(request, resizeSchema)
  await requestResize({ db: db(), boss: await boss(), ...target, actorId: user.id }, resolveMachineSize(size))
  return Response.json(await getMachineWithTask(db(), target), { status: 202 })
})
