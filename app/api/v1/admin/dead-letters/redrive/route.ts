import { asAdmin } from '@/app/api/as-admin'
import { bodyOf } from '@/app/api/respond'
import { db } from '@/lib/db'
import { redriveSchema, startRedrive } from '@/lib/queues/redrive'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = asAdmin(async ({ identity, request }) => {
  const asked = await bodyOf(request, redriveSchema)
  const { id, state, total } = await startRedrive(
    { db: db(), boss: await boss() },
    { ...asked, byId: identity.id },
  )
  return Response.json({ id, state, total }, { status: 202 })
})
