import { useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'

/** The links at `url` of the API, and what changes them. `shares` is undefined while they load. */
export function useShares<Share extends { id: string }, Settings extends object>(url: string) {
  const [shares, setShares] = useState<Share[]>()
  useEffect(() => {
    void sendApiRequest<{ shares: Share[] }>({ url }, (result) => setShares(result.shares))
  }, [url])
  return {
    shares,
    create: (body: Settings, onCreate: (share: Share) => void) =>
      sendApiRequest<Share>({ url, method: 'POST', body }, (created) => {
        setShares((before = []) => [created, ...before])
        onCreate(created)
      }),
    update: (id: string, body: Settings) =>
      sendApiRequest<Share>({ url: `/api/v1/shares/${id}`, method: 'PATCH', body }, (updated) =>
        setShares((before) => before?.map((share) => (share.id === id ? updated : share))),
      ),
    revoke: (id: string) =>
      sendApiRequest({ url: `/api/v1/shares/${id}`, method: 'DELETE', acceptedStatuses: [404] }, () =>
        setShares((before) => before?.filter((share) => share.id !== id)),
      ),
  }
}
