import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { listSnapshots } from '@/lib/machines/snapshots'

export const dynamic = 'force-dynamic'

export const GET = withUser(async ({ user }) => Response.json(await listSnapshots(db(), user.id)))
