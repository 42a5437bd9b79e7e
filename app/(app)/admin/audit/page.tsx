import { AuditList } from '@/app/features/admin/audit/audit-list'
import { AuditSearch } from '@/app/features/admin/audit/audit-search'
import { auditParams } from '@/app/features/admin/audit/audit-url'
import { requireAdmin } from '@/app/http/middleware/require-user'
import type { SearchPageProps } from '@/app/page-props'
import { Button } from '@/app/ui/button'
import { listAuditEntries } from '@/lib/audit/queries'
import { auditFilterSchema } from '@/lib/audit/schema'
import { db } from '@/lib/database/db'
import * as messages from '@/lib/generated/messages/admin-audit'

export const generateMetadata = () => ({ title: messages.auditLog() })

const PAGE_SIZE = 50

/** What users, API keys and administrators did, filtered by actor, action, text, and time. */
export default async function AuditPage({ searchParams }: SearchPageProps) {
  await requireAdmin()
  const filter = auditFilterSchema.catch({}).parse(await searchParams)
  const first = await listAuditEntries(db(), { ...filter, limit: PAGE_SIZE })
  const query = auditParams(filter)
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">{messages.auditLog()}</h1>
        <Button asChild size="sm">
          <a href={`/api/v1/admin/audit/export?${query}`} download>
            {messages.export()}
          </a>
        </Button>
      </div>
      <AuditSearch filter={filter} />
      <AuditList key={query} query={query} first={first} />
    </div>
  )
}
