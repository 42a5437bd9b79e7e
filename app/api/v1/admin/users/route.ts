import { parseQuery } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { listUsers } from '@/lib/users/queries'
import { userListSchema } from '@/lib/users/schema'

export const dynamic = 'force-dynamic'

export const GET = withAdmin(async ({ request }) =>
  Response.json(await listUsers(db(), parseQuery(request, userListSchema))),
)
