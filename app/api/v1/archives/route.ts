import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { createArchive } from '@/lib/archives/commands'
import { listArchives } from '@/lib/archives/queries'
import { createArchiveSchema } from '@/lib/archives/schema'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) =>
  Response.json({ archives: await listArchives(db(), user.id) }),
)

export const POST = withUser(async ({ user, request }) => {
  const input = await parseBody(request, createArchiveSchema)
  const deps = { db: db(), boss: await boss() }
  const archive = await createArchive(deps, { ownerId: user.id, request: input })
  const task = await getTask(db(), { id: archive.taskId!, ownerId: user.id })
  return Response.json({ archive, task }, { status: 202 })
})
