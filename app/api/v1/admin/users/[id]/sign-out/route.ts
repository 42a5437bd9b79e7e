import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { signOutUser } from '@/lib/users/commands'
import { signOutUserSchema } from '@/lib/users/schema'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ params, request }) => {
  await signOutUser(db(), { id: String(params.id), ...(await parseBody(request, signOutUserSchema)) })
  return new Response(null, { status: 204 })
})
