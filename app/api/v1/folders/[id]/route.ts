import { parseBody, parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { deleteFolder, renameFolder } from '@/lib/folders/commands'
import { folderNameSchema } from '@/lib/folders/schema'

export const dynamic = 'force-dynamic'

export const PATCH = withUser(async ({ user, params, request }) => {
  const id = parseId(params, 'folder')
  const { name } = await parseBody(request, folderNameSchema)
  return Response.json(await renameFolder({ db: db(), id, ownerId: user.id, name }))
})

export const DELETE = withUser(async ({ user, params }) => {
  await deleteFolder({ db: db(), id: parseId(params, 'folder'), ownerId: user.id })
  return new Response(null, { status: 204 })
})
