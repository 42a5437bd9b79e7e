import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { boss } from '@/lib/tasks/boss'
import { testEndpoint } from '@/lib/webhooks/deliveries'

export const POST = signedIn(async ({ identity, params }) => {
  const target = { id: idOf(params, 'webhook'), ownerId: identity.id }
  return Response.json(await testEndpoint({ db: db(), boss: await boss() }, target), { status: 202 })
})
