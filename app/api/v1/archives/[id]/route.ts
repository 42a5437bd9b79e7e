import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { deleteArchive } from '@/lib/archives/commands'
import { db } from '@/lib/database/db'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const DELETE = withUser(async ({ user, params }) => {
  const deps = { db: db(), boss: await boss(), storage: await configuredStorage() }
  await deleteArchive(deps, { id: parseId(params, 'archive'), ownerId: user.id })
  return new Response(null, { status: 204 })
})
