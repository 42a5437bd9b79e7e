import { parseBody } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createFolder } from '@/lib/folders/commands'
import { listFolders } from '@/lib/folders/queries'
import { folderNameSchema } from '@/lib/folders/schema'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) => Response.json({ folders: await listFolders(db(), user.id) }))

export const POST = withUser(async ({ user, request }) => {
  const { name } = await parseBody(request, folderNameSchema)
  return Response.json(await createFolder({ db: db(), ownerId: user.id, name }), { status: 201 })
})
