import { parseId, parseQuery } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { exportCaptionSchema } from '@/lib/captions/schema'
import { exportCaption } from '@/lib/captions/export'
import { attachmentDisposition } from '@/app/http/content-disposition'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user, params, request }) => {
  const target = { id: parseId(params, 'caption'), ownerId: user.id }
  const { filename, type, text } = await exportCaption(db(), {
    ...target,
    ...parseQuery(request, exportCaptionSchema),
  })
  return new Response(text, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': attachmentDisposition(filename),
    },
  })
})
