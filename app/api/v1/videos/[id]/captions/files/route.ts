import { parseId, parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { importCaptionSchema } from '@/lib/captions/schema'
import { getCaption } from '@/lib/captions/queries'
import { importCaptionFile } from '@/lib/captions/import-file'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

/** The raw .srt or .vtt file is the body. */
export const POST = withUser({ scope: 'upload' }, async ({ user, params, request }) => {
  const ownerId = user.id
  const { id, ...report } = await importCaptionFile(db(), {
    videoId: parseId(params, 'video'),
    ownerId,
    ...parseQuery(request, importCaptionSchema),
    bytes: new Uint8Array(await request.arrayBuffer()),
  })
  return Response.json({ caption: await getCaption(db(), { id, ownerId }), ...report }, { status: 201 })
})
