import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { importArchive } from '@/lib/archives/import-archive'
import { listUploadedArchives } from '@/lib/archives/queries'
import { importArchiveSchema } from '@/lib/archives/schema'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) =>
  Response.json({ uploaded: await listUploadedArchives(db(), user.id) }),
)

export const POST = withUser({ scope: 'upload' }, async ({ user, request }) => {
  const input = await parseBody(request, importArchiveSchema)
  const deps = { db: db(), boss: await boss() }
  const id = await importArchive(deps, { ownerId: user.id, request: input })
  return Response.json({ task: await getTask(db(), { id, ownerId: user.id }) }, { status: 202 })
})
