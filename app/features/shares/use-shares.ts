import { useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { createShareRequest } from './share-requests'

interface Options {
  /** Lists and creates links. */
  url: string
  /** Changes and revokes them. Default: below `url`. */
  linkUrl?: string
}

/** Links of the API, and what changes them. `shares` is undefined while they load. */
export function useShares<Share extends { id: string }, Settings extends object>({
  url,
  linkUrl = url,
}: Options) {
  const [shares, setShares] = useState<Share[]>()
  useEffect(() => {
    void sendApiRequest<{ shares: Share[] }>({ url }, (result) => setShares(result.shares))
  }, [url])
  return {
    shares,
    create: (body: Settings, onCreate: (share: Share) => void) =>
      sendApiRequest<Share>(createShareRequest(url, body), (created) => {
        setShares((before = []) => [created, ...before])
        onCreate(created)
      }),
    update: (id: string, body: Settings) =>
      sendApiRequest<Share>({ url: `${linkUrl}/${id}`, method: 'PATCH', body }, (updated) =>
        setShares((before) => before?.map((share) => (share.id === id ? updated : share))),
      ),
    revoke: (id: string) =>
      sendApiRequest({ url: `${linkUrl}/${id}`, method: 'DELETE', acceptedStatuses: [404] }, () =>
        setShares((before) => before?.filter((share) => share.id !== id)),
      ),
  }
}
