import { parseId } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { notFound } from '@/lib/errors'
import { markMailDelivered, resendMail } from '@/lib/mail/delivery-review'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ params }) => {
  const id = parseId(params, 'mail')
  if (params.action === 'arrived') await markMailDelivered({ db: db(), id })
  else if (params.action === 'send-again') await resendMail({ db: db(), boss: await boss(), id })
  else throw notFound('action')
  return new Response(null, { status: 204 })
})
