import { withAdmin } from '@/app/api/with-user'
import { listProcesses } from '@/lib/cluster/queries'
import { db } from '@/lib/database/db'
import { kindLabel } from '@/lib/tasks/registry'

export const dynamic = 'force-dynamic'

export const GET = withAdmin(async () => Response.json({ processes: await listProcesses(db(), kindLabel) }))
