import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { runScheduleNow } from '@/lib/schedules/commands'
import { runScheduleSchema } from '@/lib/schedules/schema'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ request }) => {
  const { name } = await parseBody(request, runScheduleSchema)
  await runScheduleNow({ db: db(), boss: await boss() }, name)
  return Response.json({ name }, { status: 202 })
})
