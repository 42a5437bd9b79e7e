import { idOf, queryOf, signedIn } from '@/app/api/respond'
import { captionFormatSchema } from '@/lib/captions/contract'
import { exportCaption } from '@/lib/captions/export'
import { db } from '@/lib/db'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity, params, request }) => {
  const target = { id: idOf(params, 'caption'), ownerId: identity.id }
  const { filename, type, text } = await exportCaption(db(), {
    ...target,
    ...queryOf(request, captionFormatSchema),
  })
  const name = encodeURIComponent(filename).replaceAll("'", '%27')
  return new Response(text, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'x-content-type-options': 'nosniff',
    },
  })
})
