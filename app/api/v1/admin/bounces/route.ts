import { z } from 'zod'
import { asAdmin } from '@/app/api/as-admin'
import { queryOf } from '@/app/api/respond'
import { db } from '@/lib/db'
import { forgetBounce } from '@/lib/mail/resolve'

export const dynamic = 'force-dynamic'

export const DELETE = asAdmin(async ({ request }) => {
  await forgetBounce(db(), queryOf(request, z.object({ address: z.string() })).address)
  return new Response(null, { status: 204 })
})
