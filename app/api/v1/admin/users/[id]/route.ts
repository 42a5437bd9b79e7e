import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { updateUser } from '@/lib/users/commands'
import { getUserDetail } from '@/lib/users/queries'
import { updateUserSchema } from '@/lib/users/schema'

export const dynamic = 'force-dynamic'

export const GET = withAdmin(async ({ params }) =>
  Response.json(await getUserDetail(db(), String(params.id))),
)

export const PATCH = withAdmin(async ({ params, request }) => {
  const change = await parseBody(request, updateUserSchema)
  return Response.json(await updateUser(db(), { id: String(params.id), change }))
})
