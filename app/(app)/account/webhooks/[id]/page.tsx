import { orNotFound } from '@/app/server/or-not-found'
import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { listDeliveries } from '@/lib/webhooks/deliveries'
import { getEndpoint } from '@/lib/webhooks/endpoints'
import { toldKinds } from '@/lib/webhooks/told-kinds'
import { WebhookPage } from './webhook'

export const metadata = { title: 'Webhook' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id: ownerId } = await pageIdentity()
  const { id } = await params
  const webhook = await orNotFound(id, () => getEndpoint(db(), { id, ownerId }))
  const log = await listDeliveries(db(), { id, ownerId })
  return <WebhookPage first={webhook} log={log} kinds={toldKinds()} />
}
