'use client'

import { useCallback, useEffect, useState } from 'react'
import type { WebhookDeliveryDto } from '@/lib/webhooks/schema'

export interface DeliveryPage {
  deliveries: WebhookDeliveryDto[]
  nextCursor: string | null
}

/** While something is under way it is looked at soon, else now and then. */
const ACTIVE_POLL_MS = 1_000
const IDLE_POLL_MS = 15_000

/** The log of a webhook, looked at again and again while the page is seen; `more` fetches what is older. */
export function useDeliveries(webhookId: string, first: DeliveryPage) {
  const [newest, setNewest] = useState(first)
  const [older, setOlder] = useState<DeliveryPage | null>(null)
  const [state, setState] = useState<'ready' | 'loading' | 'failed'>('ready')
  const at = `/api/v1/webhooks/${webhookId}/deliveries`
  const refresh = useCallback(async () => {
    const page = await fetchDeliveries(at)
    if (page) setNewest(page)
  }, [at])
  const isSoon = newest.deliveries.some((one) => one.state === 'waiting' && isDue(one))
  useEffect(() => {
    const look = () => void (document.hidden || refresh())
    const timer = setInterval(look, isSoon ? ACTIVE_POLL_MS : IDLE_POLL_MS)
    return () => clearInterval(timer)
  }, [refresh, isSoon])
  const nextCursor = older ? older.nextCursor : newest.nextCursor
  async function more() {
    setState('loading')
    const page = await fetchDeliveries(`${at}?cursor=${nextCursor}`)
    if (!page) return setState('failed')
    setOlder({ ...page, deliveries: [...(older?.deliveries ?? []), ...page.deliveries] })
    setState('ready')
  }
  const ids = new Set(newest.deliveries.map(({ id }) => id))
  const rest = (older?.deliveries ?? []).filter(({ id }) => !ids.has(id))
  return {
    deliveries: [...newest.deliveries, ...rest],
    refresh,
    pages: { hasMore: nextCursor !== null, state, more: () => void more() },
  }
}

const isDue = ({ nextAttemptAt }: WebhookDeliveryDto) =>
  !nextAttemptAt || Date.parse(nextAttemptAt) < Date.now() + 10_000

async function fetchDeliveries(at: string) {
  const answer = await fetch(at).catch(() => null)
  return answer?.ok ? ((await answer.json()) as DeliveryPage) : null
}
