import type { AuditFilter } from '@/lib/audit/schema'

/** The query string of a filter, without empty fields. */
export const auditParams = (filter: AuditFilter) =>
  new URLSearchParams(Object.entries(filter).filter(([, value]) => value)).toString()
