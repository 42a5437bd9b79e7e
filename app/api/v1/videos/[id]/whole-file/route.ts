import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { boss } from '@/lib/tasks/boss'
import { discardWhole } from '@/lib/videos/trim/whole-commands'

export const dynamic = 'force-dynamic'

export const DELETE = withUser(async ({ user, params }) => {
  const target = { id: parseId(params, 'video'), ownerId: user.id }
  await discardWhole({ db: db(), boss: await boss(), ...target })
  return new Response(null, { status: 204 })
})
