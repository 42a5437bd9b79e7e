import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { redriveSchema, startRedrive } from '@/lib/queues/redrive'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ user, request }) => {
  const selection = await parseBody(request, redriveSchema)
  const { id, state, total } = await startRedrive(
    { db: db(), boss: await boss() },
    { ...selection, byId: user.id },
  )
  return Response.json({ id, state, total }, { status: 202 })
})
