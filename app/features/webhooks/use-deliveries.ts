'use client'

import { useCallback, useEffect, useState } from 'react'
import { fetchJson } from '@/app/ui/fetch-json'
import type { WebhookDeliveryDto } from '@/lib/webhooks/schema'

export interface DeliveryPage {
  deliveries: WebhookDeliveryDto[]
  nextCursor: string | null
}

const ACTIVE_POLL_MS = 1_000
const IDLE_POLL_MS = 15_000
const DUE_SOON_MS = 10_000

/**
 * The delivery log of a webhook, polled while the tab is visible: often while a delivery is due soon. `pages.loadMore`
 * fetches older deliveries.
 */
export function useDeliveries(webhookId: string, initial: DeliveryPage) {
  const [newest, setNewest] = useState(initial)
  const [older, setOlder] = useState<DeliveryPage | null>(null)
  const [state, setState] = useState<'ready' | 'loading' | 'failed'>('ready')
  const url = `/api/v1/webhooks/${webhookId}/deliveries`
  const refresh = useCallback(async () => {
    const page = await fetchJson<DeliveryPage>(url)
    if (page) setNewest(page)
  }, [url])
  const isActive = newest.deliveries.some((delivery) => delivery.state === 'waiting' && isDueSoon(delivery))
  useEffect(() => {
    const poll = () => void (document.hidden || refresh())
    const timer = setInterval(poll, isActive ? ACTIVE_POLL_MS : IDLE_POLL_MS)
    return () => clearInterval(timer)
  }, [refresh, isActive])
  const nextCursor = older ? older.nextCursor : newest.nextCursor
  async function loadMore() {
    setState('loading')
    const page = await fetchJson<DeliveryPage>(`${url}?cursor=${nextCursor}`)
    if (!page) return setState('failed')
    setOlder({ ...page, deliveries: [...(older?.deliveries ?? []), ...page.deliveries] })
    setState('ready')
  }
  const newestIds = new Set(newest.deliveries.map(({ id }) => id))
  const olderDeliveries = (older?.deliveries ?? []).filter(({ id }) => !newestIds.has(id))
  return {
    deliveries: [...newest.deliveries, ...olderDeliveries],
    refresh,
    pages: { hasMore: nextCursor !== null, state, loadMore: () => void loadMore() },
  }
}

const isDueSoon = ({ nextAttemptAt }: WebhookDeliveryDto) =>
  !nextAttemptAt || Date.parse(nextAttemptAt) < Date.now() + DUE_SOON_MS
