import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { rotateSecret } from '@/lib/webhooks/endpoints'

export const POST = signedIn(async ({ identity, params }) =>
  Response.json(await rotateSecret(db(), { id: idOf(params, 'webhook'), ownerId: identity.id })),
)
