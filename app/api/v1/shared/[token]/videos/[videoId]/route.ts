import { parseBody, parseId } from '@/app/api/parse-request'
import type { TokenContext } from '@/app/api/token-context'
import { withProblemDetails } from '@/app/http/problem-details'
import { db } from '@/lib/database/db'
import { grantSchema } from '@/lib/shares/schema'
import { openPlaylistVideo } from '@/lib/shares/shared-playlists'

export const dynamic = 'force-dynamic'

/** Public: the grant in the page of the link is the credential. */
export const POST = (request: Request, { params }: TokenContext<{ videoId: string }>) =>
  withProblemDetails(async () => {
    const { token, videoId } = await params
    const { grant } = await parseBody(request, grantSchema)
    const id = parseId({ id: videoId }, 'video')
    return Response.json(await openPlaylistVideo(db(), { token, grant, videoId: id }))
  })
