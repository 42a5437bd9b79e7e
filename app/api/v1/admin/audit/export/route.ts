import { Readable } from 'node:stream'
import { parseQuery } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { attachmentDisposition } from '@/app/http/content-disposition'
import { recordAudit } from '@/lib/audit/commands'
import { exportAuditEntries } from '@/lib/audit/queries'
import { auditFilterSchema } from '@/lib/audit/schema'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const GET = withAdmin(async ({ request }) => {
  const filter = parseQuery(request, auditFilterSchema)
  await recordAudit(db(), { action: 'audit.exported', detail: filter })
  const lines = Readable.from(exportAuditEntries(db(), filter), { objectMode: false })
  return new Response(Readable.toWeb(lines) as ReadableStream, {
    headers: {
      'content-type': 'application/jsonl; charset=utf-8',
      'content-disposition': attachmentDisposition('audit.jsonl'),
      'cache-control': 'no-store',
    },
  })
})
