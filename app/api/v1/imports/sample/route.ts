import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createSample } from '@/lib/imports/commands'
import { boss } from '@/lib/tasks/boss'
import { respondAccepted } from '../respond-accepted'

export const dynamic = 'force-dynamic'

export const POST = withUser({ scope: 'upload' }, async ({ user }) =>
  respondAccepted(await createSample({ db: db(), boss: await boss() }, user.id), user.id),
)
