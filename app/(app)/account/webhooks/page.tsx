import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { findPermissionProblem } from '@/lib/users/permissions'
import { listSubscribableKinds } from '@/lib/webhooks/subscribable-kinds'
import { listEndpoints } from '@/lib/webhooks/queries'
import { WebhookList } from '@/app/features/webhooks/webhook-list'
import * as messages from '@/lib/generated/messages/webhooks'

export const generateMetadata = () => ({ title: messages.webhooks() })

export default async function WebhooksPage() {
  const { id } = await requireUser()
  const [{ webhooks }, problem] = await Promise.all([
    listEndpoints(db(), id),
    findPermissionProblem(db(), id, 'canUseWebhooks'),
  ])
  return <WebhookList initial={webhooks} kinds={listSubscribableKinds()} problem={problem} />
}
