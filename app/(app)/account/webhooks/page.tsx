import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { listSubscribableKinds } from '@/lib/webhooks/subscribable-kinds'
import { listEndpoints } from '@/lib/webhooks/queries'
import { WebhookList } from '@/app/features/webhooks/webhook-list'

export const metadata = { title: 'Webhooks' }

export default async function WebhooksPage() {
  const { id } = await requireUser()
  const { webhooks } = await listEndpoints(db(), id)
  return <WebhookList initial={webhooks} kinds={listSubscribableKinds()} />
}
