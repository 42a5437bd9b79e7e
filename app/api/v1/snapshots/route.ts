import { signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { listSnapshots } from '@/lib/machines/snapshots'

export const dynamic = 'force-dynamic'

export const GET = signedIn(async ({ identity }) => Response.json(await listSnapshots(db(), identity.id)))
