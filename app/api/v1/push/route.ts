import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { subscribe } from '@/lib/push/commands'
import { readPush } from '@/lib/push/queries'
import { createSubscriptionSchema } from '@/lib/push/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) => Response.json(await readPush(db(), user)))

export const POST = withUser(async ({ user, request }) => {
  const input = await parseBody(request, createSubscriptionSchema)
  return Response.json(await subscribe(db(), user, input), { status: 201 })
})
