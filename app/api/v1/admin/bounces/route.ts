import { z } from 'zod'
import { parseQuery } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { clearBounce } from '@/lib/mail/delivery-review'

export const dynamic = 'force-dynamic'

export const DELETE = withAdmin(async ({ request }) => {
  await clearBounce(db(), parseQuery(request, z.object({ address: z.string() })).address)
  return new Response(null, { status: 204 })
})
