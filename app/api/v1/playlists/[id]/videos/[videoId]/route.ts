import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { removeFromPlaylist } from '@/lib/playlists/commands'

export const dynamic = 'force-dynamic'

export const DELETE = withUser(async ({ user, params }) => {
  const id = parseId(params, 'playlist')
  const videoId = parseId({ id: params.videoId ?? '' }, 'video')
  return Response.json(await removeFromPlaylist({ db: db(), id, ownerId: user.id, videoId }))
})
