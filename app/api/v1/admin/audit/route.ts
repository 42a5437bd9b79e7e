import { parseQuery } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { listAuditEntries } from '@/lib/audit/queries'
import { auditListSchema } from '@/lib/audit/schema'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const GET = withAdmin(async ({ request }) =>
  Response.json(await listAuditEntries(db(), parseQuery(request, auditListSchema))),
)
