import { parseId, parseQuery, readBytes } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { respondInThread } from '@/app/http/threads/respond-in-thread'
import { importCaptionSchema } from '@/lib/captions/schema'

export const dynamic = 'force-dynamic'

/** The raw .srt, .vtt or .ass file is the body. */
export const POST = withUser({ scope: 'upload' }, async ({ user, params, request }) => {
  const target = { videoId: parseId(params, 'video'), ownerId: user.id }
  const query = parseQuery(request, importCaptionSchema)
  const bytes = await readBytes(request)
  return respondInThread('importCaptions', { ...target, ...query, bytes }, [bytes.buffer])
})
