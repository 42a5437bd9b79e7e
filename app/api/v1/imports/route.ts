import { parseBody, parseIdempotencyKey } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createImport } from '@/lib/imports/commands'
import { createImportSchema } from '@/lib/imports/schema'
import { boss } from '@/lib/tasks/boss'
import { respondAccepted } from './respond-accepted'

export const dynamic = 'force-dynamic'

export const POST = withUser({ scope: 'upload' }, async ({ user, request }) => {
  const input = await parseBody(request, createImportSchema)
  const idempotencyKey = parseIdempotencyKey(request)
  const deps = { db: db(), boss: await boss() }
  const created = await createImport(deps, { ownerId: user.id, request: input, idempotencyKey })
  return respondAccepted(created, user.id)
})
