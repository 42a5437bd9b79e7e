import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createPlaylist } from '@/lib/playlists/commands'
import { listPlaylists } from '@/lib/playlists/queries'
import { createPlaylistSchema } from '@/lib/playlists/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) =>
  Response.json({ playlists: await listPlaylists(db(), user.id) }),
)

export const POST = withUser(async ({ user, request }) => {
  const input = await parseBody(request, createPlaylistSchema)
  return Response.json(await createPlaylist({ db: db(), ownerId: user.id, ...input }), { status: 201 })
})
