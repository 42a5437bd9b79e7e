import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { deleteUploadedArchive } from '@/lib/archives/import-archive'
import { db } from '@/lib/database/db'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'

export const dynamic = 'force-dynamic'

export const DELETE = withUser({ scope: 'upload' }, async ({ user, params }) => {
  const deps = { db: db(), boss: await boss(), storage: await configuredStorage() }
  await deleteUploadedArchive(deps, { uploadId: parseId(params, 'upload'), ownerId: user.id })
  return new Response(null, { status: 204 })
})
