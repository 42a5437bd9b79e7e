import type { ApiRequest } from '@/app/ui/api-request'
import type { TrimRange } from '@/lib/videos/trim/schema'

export const trimRequest = (id: string, body: TrimRange) =>
  ({ url: `/api/v1/videos/${id}/trim`, method: 'PUT', body }) satisfies ApiRequest

export const restoreRequest = (id: string) =>
  ({ url: `/api/v1/videos/${id}/trim`, method: 'DELETE' }) satisfies ApiRequest

export const discardRequest = (id: string) =>
  ({ url: `/api/v1/videos/${id}/whole-file`, method: 'DELETE' }) satisfies ApiRequest
