import { parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { captionSearchSchema } from '@/lib/captions/schema'
import { searchCaptions } from '@/lib/captions/search'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, request }) => {
  const query = parseQuery(request, captionSearchSchema)
  return Response.json({ hits: await searchCaptions(db(), { ownerId: user.id, ...query }) })
})
