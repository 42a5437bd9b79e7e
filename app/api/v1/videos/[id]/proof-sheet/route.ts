import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { getProofSheet } from '@/lib/videos/proof/get-proof-sheet'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json(await getProofSheet(db(), { id: parseId(params, 'video'), ownerId: user.id })),
)
