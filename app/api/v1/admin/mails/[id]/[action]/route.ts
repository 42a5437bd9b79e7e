import { asAdmin } from '@/app/api/as-admin'
import { idOf } from '@/app/api/respond'
import { db } from '@/lib/db'
import { notFound } from '@/lib/errors'
import { sayItArrived, sendAgain } from '@/lib/mail/resolve'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = asAdmin(async ({ params }) => {
  const id = idOf(params, 'mail')
  if (params.action === 'arrived') await sayItArrived({ db: db(), id })
  else if (params.action === 'send-again') await sendAgain({ db: db(), boss: await boss(), id })
  else throw notFound('action')
  return new Response(null, { status: 204 })
})
