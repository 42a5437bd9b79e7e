import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { giveConsoleToken } from '@/lib/machines/console-token'

export const dynamic = 'force-dynamic'

export const POST = signedIn(async ({ identity, params }) => {
  const id = idOf(params, 'machine')
  const headers = { 'cache-control': 'no-store' }
  return Response.json(await giveConsoleToken(db(), { id, ownerId: identity.id }), { status: 201, headers })
})
