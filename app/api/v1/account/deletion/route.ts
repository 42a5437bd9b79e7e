import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { requestAccountDeletion } from '@/lib/accounts/deletion'
import { deleteAccountSchema } from '@/lib/accounts/export-schema'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const POST = withUser({ isSensitive: true }, async ({ user, request }) => {
  const input = await parseBody(request, deleteAccountSchema)
  await requestAccountDeletion({ db: db(), boss: await boss() }, { user, input })
  return new Response(null, { status: 202 })
})
