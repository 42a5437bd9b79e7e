import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { addToPlaylist } from '@/lib/playlists/commands'
import { addToPlaylistSchema } from '@/lib/playlists/schema'

export const dynamic = 'force-dynamic'

export const POST = withUser(async ({ user, params, request }) => {
  const id = parseId(params, 'playlist')
  const input = await parseBody(request, addToPlaylistSchema)
  return Response.json(await addToPlaylist({ db: db(), id, ownerId: user.id, ...input }))
})
