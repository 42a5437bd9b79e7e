import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { queueSecurityMail } from '@/lib/accounts/account-mails'
import { sanitizeName } from '@/lib/accounts/display-name'
import { createKeySchema } from '@/lib/accounts/key-schema'
import { createKey, listKeys } from '@/lib/accounts/keys'
import { db } from '@/lib/database/db'
import * as messages from '@/lib/generated/messages/security-facts'

export const dynamic = 'force-dynamic'

export const GET = withUser({ scope: 'admin' }, async ({ user }) =>
  Response.json({ keys: await listKeys(db(), user.id) }),
)

export const POST = withUser({ scope: 'admin' }, async ({ user, request }) => {
  const input = await parseBody(request, createKeySchema)
  const key = await createKey(db(), { ownerId: user.id, input, grantedBy: user })
  await queueSecurityMail({
    userId: user.id,
    event: 'key_created',
    headers: request.headers,
    facts: () => [[messages.keyName(), sanitizeName(key.name ?? '')]],
  })
  return Response.json(key, { status: 201, headers: { 'cache-control': 'no-store' } })
})
