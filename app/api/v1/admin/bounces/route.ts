import { z } from 'zod'
import { withAdmin } from '@/app/api/with-admin'
import { parseQuery } from '@/app/api/route-handler'
import { db } from '@/lib/database/db'
import { clearBounce } from '@/lib/mail/delivery-review'

export const dynamic = 'force-dynamic'

export const DELETE = withAdmin(async ({ request }) => {
  await clearBounce(db(), parseQuery(request, z.object({ address: z.string() })).address)
  return new Response(null, { status: 204 })
})
