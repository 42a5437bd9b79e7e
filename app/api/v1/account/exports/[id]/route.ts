import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { deleteExport } from '@/lib/accounts/exports'
import { db } from '@/lib/database/db'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const DELETE = withUser(async ({ user, params }) => {
  const deps = { db: db(), boss: await boss(), storage: await configuredStorage() }
  await deleteExport(deps, { id: parseId(params, 'export'), ownerId: user.id })
  return new Response(null, { status: 204 })
})
