import { idOf, queryOf, signedIn } from '@/app/api/respond'
import { captionFileSchema } from '@/lib/captions/contract'
import { getCaption } from '@/lib/captions/queries'
import { addCaptionFile, MAX_SUBTITLE_BYTES, tooLarge } from '@/lib/captions/sidecar'
import { db } from '@/lib/db'

export const dynamic = 'force-dynamic'

/** The raw .srt or .vtt file is the body. */
export const POST = signedIn(async ({ identity, params, request }) => {
  const ownerId = identity.id
  const { id, ...told } = await addCaptionFile(db(), {
    videoId: idOf(params, 'video'),
    ownerId,
    ...queryOf(request, captionFileSchema),
    bytes: await readBounded(request),
  })
  return Response.json({ caption: await getCaption(db(), { id, ownerId }), ...told }, { status: 201 })
})

/**
 * What is too large is heard to its end all the same, as far as anybody's patience goes: Next.js reads the next
 * request on the connection only behind it.
 */
async function readBounded({ body }: Request) {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > 100 * MAX_SUBTITLE_BYTES) break
    if (bytes <= MAX_SUBTITLE_BYTES) chunks.push(chunk)
  }
  if (bytes > MAX_SUBTITLE_BYTES) throw tooLarge
  return Buffer.concat(chunks)
}
