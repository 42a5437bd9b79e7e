import { parseBody, parseIdempotencyKey, parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createMachineSchema } from '@/lib/machines/schema'
import { createMachine } from '@/lib/machines/create-machine'
import { listMachines, machineListSchema } from '@/lib/machines/queries'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, request }) =>
  Response.json(await listMachines(db(), { ownerId: user.id, ...parseQuery(request, machineListSchema) })),
)

export const POST = withUser({ scope: 'machines' }, async ({ user, request }) => {
  const input = await parseBody(request, createMachineSchema)
  const idempotencyKey = parseIdempotencyKey(request)
  const deps = { db: db(), boss: await boss() }
  const created = await createMachine(deps, { ownerId: user.id, request: input, idempotencyKey })
  return Response.json(created, { status: 202 })
})
