import { asAdmin } from '@/app/api/as-admin'
import { bodyOf } from '@/app/api/respond'
import { runNowSchema, runScheduleNow } from '@/lib/schedules/queries'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = asAdmin(async ({ request }) => {
  const { name } = await bodyOf(request, runNowSchema)
  await runScheduleNow(await boss(), name)
  return Response.json({ name }, { status: 202 })
})
