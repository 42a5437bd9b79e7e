import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createShare } from '@/lib/shares/commands'
import { listShares } from '@/lib/shares/queries'
import { shareSettingsSchema } from '@/lib/shares/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json({ shares: await listShares(db(), { videoId: parseId(params, 'video'), ownerId: user.id }) }),
)

export const POST = withUser(async ({ user, params, request }) => {
  const videoId = parseId(params, 'video')
  const settings = await parseBody(request, shareSettingsSchema)
  const share = await createShare({ db: db(), subject: { videoId }, ownerId: user.id, settings })
  return Response.json(share, { status: 201 })
})
