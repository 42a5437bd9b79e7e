import { parseId, parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { importCaptionSchema } from '@/lib/captions/schema'
import { getCaption } from '@/lib/captions/queries'
import { importCaptionFile, MAX_SUBTITLE_BYTES, subtitleFileTooLargeError } from '@/lib/captions/import-file'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

/** The raw .srt or .vtt file is the body. */
export const POST = withUser({ scope: 'upload' }, async ({ user, params, request }) => {
  const ownerId = user.id
  const { id, ...report } = await importCaptionFile(db(), {
    videoId: parseId(params, 'video'),
    ownerId,
    ...parseQuery(request, importCaptionSchema),
    bytes: await readLimitedBody(request),
  })
  return Response.json({ caption: await getCaption(db(), { id, ownerId }), ...report }, { status: 201 })
})

/**
 * Reads a body that exceeds the limit to its end, up to 100 times the limit, because Next.js reads the next request of
 * the connection only after it.
 */
async function readLimitedBody({ body }: Request) {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > 100 * MAX_SUBTITLE_BYTES) break
    if (bytes <= MAX_SUBTITLE_BYTES) chunks.push(chunk)
  }
  if (bytes > MAX_SUBTITLE_BYTES) throw subtitleFileTooLargeError
  return Buffer.concat(chunks)
}
