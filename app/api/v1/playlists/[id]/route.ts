import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { deletePlaylist, updatePlaylist } from '@/lib/playlists/commands'
import { getPlaylist } from '@/lib/playlists/queries'
import { updatePlaylistSchema } from '@/lib/playlists/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params }) =>
  Response.json(await getPlaylist(db(), { id: parseId(params, 'playlist'), ownerId: user.id })),
)

export const PATCH = withUser(async ({ user, params, request }) => {
  const id = parseId(params, 'playlist')
  const input = await parseBody(request, updatePlaylistSchema)
  return Response.json(await updatePlaylist({ db: db(), id, ownerId: user.id, ...input }))
})

export const DELETE = withUser(async ({ user, params }) => {
  await deletePlaylist({ db: db(), id: parseId(params, 'playlist'), ownerId: user.id })
  return new Response(null, { status: 204 })
})
