import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { getEndpoint, listDeliveries } from '@/lib/webhooks/queries'
import { listSubscribableKinds } from '@/lib/webhooks/subscribable-kinds'
import { WebhookPage } from '@/app/features/webhooks/webhook-page'
import type { IdPageProps } from '@/app/page-props'
import * as messages from '@/lib/generated/messages/webhooks'

export const generateMetadata = () => ({ title: messages.webhook() })

export default async function Page({ params }: IdPageProps) {
  const { id: ownerId } = await requireUser()
  const { id } = await params
  const webhook = await findOr404(id, () => getEndpoint(db(), { id, ownerId }))
  const log = await listDeliveries(db(), { id, ownerId })
  return <WebhookPage initial={webhook} initialDeliveries={log} kinds={listSubscribableKinds()} />
}
