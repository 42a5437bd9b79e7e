import { parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { readStorageBreakdown } from '@/lib/uploads/storage-breakdown'
import { storageQuerySchema } from '@/lib/uploads/storage-breakdown-schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, request }) => {
  const { limit } = parseQuery(request, storageQuerySchema)
  return Response.json(await readStorageBreakdown(db(), { ownerId: user.id, limit }))
})
