import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { WebhookEndpoint } from '../generated/prisma/client'
import { notifyUser } from '../notifications/notify-user'
import { bareHostname } from '../http/outbound-url'

/** Disables an endpoint and reports the reason to its owner, on its page and by mail. */
export async function disableEndpoint(
  tx: Tx,
  boss: PgBoss,
  { endpoint: { id, ownerId, url }, reason }: { endpoint: WebhookEndpoint; reason: string },
) {
  await tx.webhookEndpoint.update({ where: { id }, data: { isEnabled: false, disabledReason: reason } })
  await notifyUser(tx, boss, {
    ownerId,
    event: 'webhook.failed',
    // Unique for each time: the endpoint may be enabled and fail again.
    eventKey: `webhook.failed/${id}/${new Date().toISOString()}`,
    // Only the host, because the rest of the URL may be a secret.
    title: bareHostname(new URL(url)),
    href: `/account/webhooks/${id}`,
    detail: reason,
  })
}
