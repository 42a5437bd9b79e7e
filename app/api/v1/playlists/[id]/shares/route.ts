import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createShare } from '@/lib/shares/commands'
import { listPlaylistShares } from '@/lib/shares/queries'
import { shareSettingsSchema } from '@/lib/shares/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) => {
  const playlistId = parseId(params, 'playlist')
  return Response.json({ shares: await listPlaylistShares(db(), { playlistId, ownerId: user.id }) })
})

export const POST = withUser(async ({ user, params, request }) => {
  const playlistId = parseId(params, 'playlist')
  const settings = await parseBody(request, shareSettingsSchema)
  const share = await createShare({ db: db(), subject: { playlistId }, ownerId: user.id, settings })
  return Response.json(share, { status: 201 })
})
