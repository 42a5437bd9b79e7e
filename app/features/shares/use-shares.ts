import { useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import type { ShareDto, ShareSettings } from '@/lib/shares/schema'

/** The links to a video, and what changes them. `shares` is undefined while they load. */
export function useShares(videoId: string) {
  const [shares, setShares] = useState<ShareDto[]>()
  const url = `/api/v1/videos/${videoId}/shares`
  useEffect(() => {
    void sendApiRequest<{ shares: ShareDto[] }>({ url }, (result) => setShares(result.shares))
  }, [url])
  return {
    shares,
    create: (onCreate: (share: ShareDto) => void) =>
      sendApiRequest<ShareDto>({ url, method: 'POST', body: {} }, (created) => {
        setShares((before = []) => [created, ...before])
        onCreate(created)
      }),
    update: (id: string, body: ShareSettings) =>
      sendApiRequest<ShareDto>({ url: `/api/v1/shares/${id}`, method: 'PATCH', body }, (updated) =>
        setShares((before) => before?.map((share) => (share.id === id ? updated : share))),
      ),
    revoke: (id: string) =>
      sendApiRequest({ url: `/api/v1/shares/${id}`, method: 'DELETE', acceptedStatuses: [404] }, () =>
        setShares((before) => before?.filter((share) => share.id !== id)),
      ),
  }
}
