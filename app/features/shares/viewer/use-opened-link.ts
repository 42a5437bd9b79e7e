import { useEffect, useState } from 'react'
import type { OpenedLink } from './open-link'
import { isRenewalDue, renewalSeconds } from './renewal'

interface Options {
  token: string
  /** As the server has opened it for the page. */
  opened: OpenedLink | 'locked'
}

/**
 * What a link is to, by its latest grant: grants are renewed while the page is open, and the list of a playlist follows its
 * changes. `locked` until the password was entered, also after the owner has changed it; `gone` when the link has ended.
 */
export function useOpenedLink({ token, opened }: Options) {
  const [latest, setLatest] = useState<{ of: Options['opened']; link: OpenedLink | 'locked' | 'gone' }>()
  // The page may be rendered on the server again.
  const link = latest?.of === opened ? latest.link : opened
  useEffect(() => {
    if (typeof link === 'string') return
    const startedAt = Date.now()
    const timer = setInterval(
      async () => {
        const seconds = (Date.now() - startedAt) / 1000
        if (!isRenewalDue(link, { seconds, isHidden: document.hidden })) return
        const renewed = await renewLink(token, link.grant)
        if (renewed) setLatest({ of: opened, link: renewed })
      },
      renewalSeconds(link) * 1000,
    )
    return () => clearInterval(timer)
  }, [token, opened, link])
  return { link, setLink: (unlocked: OpenedLink) => setLatest({ of: opened, link: unlocked }) }
}

/** @returns null if the server gave no answer, as while it restarts */
async function renewLink(token: string, grant: string) {
  const response = await fetch(`/api/v1/shared/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant }),
  }).catch(() => null)
  if (response?.ok) return (await response.json()) as OpenedLink
  if (response?.status === 403) return 'locked'
  return response?.status === 404 ? 'gone' : null
}
