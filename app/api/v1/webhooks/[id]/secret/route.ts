import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { rotateSecret } from '@/lib/webhooks/commands'

export const POST = withUser({ isSensitive: true }, async ({ user, params }) =>
  Response.json(await rotateSecret(db(), { id: parseId(params, 'webhook'), ownerId: user.id })),
)
