import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { sendTestMail } from '@/lib/mail/delivery-review'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ user }) => {
  const id = await sendTestMail({ db: db(), boss: await boss(), ownerId: user.id })
  return Response.json({ id }, { status: 202 })
})
