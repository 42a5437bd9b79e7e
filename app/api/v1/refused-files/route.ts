import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { recordRefusedFiles } from '@/lib/uploads/record-refusal'
import { refusedFilesSchema } from '@/lib/uploads/refusal-schema'

export const dynamic = 'force-dynamic'

export const POST = withUser({ scope: 'upload' }, async ({ user, request }) => {
  const { files } = await parseBody(request, refusedFilesSchema)
  await recordRefusedFiles(db(), user.id, files)
  return new Response(null, { status: 204 })
})
