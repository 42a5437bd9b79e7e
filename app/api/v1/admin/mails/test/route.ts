import { asAdmin } from '@/app/api/as-admin'
import { db } from '@/lib/db'
import { sendTestMail } from '@/lib/mail/resolve'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = asAdmin(async ({ identity }) => {
  const id = await sendTestMail({ db: db(), boss: await boss(), ownerId: identity.id })
  return Response.json({ id }, { status: 202 })
})
