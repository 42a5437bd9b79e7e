import { withAdmin } from '@/app/api/with-user'
import { resetTwoFactor } from '@/lib/users/commands'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ params }) => {
  await resetTwoFactor(db(), { id: String(params.id) })
  return new Response(null, { status: 204 })
})
