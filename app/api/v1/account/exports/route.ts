import { withUser } from '@/app/api/with-user'
import { listExports, requestExport } from '@/lib/accounts/exports'
import { db } from '@/lib/database/db'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) => Response.json({ exports: await listExports(db(), user.id) }))

export const POST = withUser({ isSensitive: true }, async ({ user }) => {
  const deps = { db: db(), boss: await boss(), storage: await configuredStorage() }
  const created = await requestExport(deps, user.id)
  const task = await getTask(db(), { id: created.taskId!, ownerId: user.id })
  return Response.json({ export: created, task }, { status: 202 })
})
