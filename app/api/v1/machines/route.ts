import { z } from 'zod'
import { bodyOf, queryOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { machineOrderSchema } from '@/lib/machines/contract'
import { orderMachine } from '@/lib/machines/order'
import { listMachines, machineListSchema } from '@/lib/machines/queries'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, request }) =>
  Response.json(await listMachines(db(), { ownerId: identity.id, ...queryOf(request, machineListSchema) })),
)

const keySchema = z.string().min(1).max(255).optional()

export const POST = signedIn(async ({ identity, request }) => {
  const order = await bodyOf(request, machineOrderSchema)
  const idempotencyKey = keySchema.parse(request.headers.get('idempotency-key') ?? undefined)
  const given = { db: db(), boss: await boss() }
  const answer = await orderMachine(given, { ownerId: identity.id, order, idempotencyKey })
  return Response.json(answer, { status: 202 })
})
