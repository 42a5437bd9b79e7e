import type { ApiRequest } from '@/app/ui/api-request'
import type { BulkChange } from '@/lib/videos/bulk-schema'

export const bulkRequest = (body: BulkChange) =>
  ({ url: '/api/v1/videos/bulk', method: 'POST', body }) satisfies ApiRequest
