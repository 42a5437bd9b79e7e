import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { WebhookEndpoint } from '../generated/prisma/client'
import { notifyUser } from '../mail/notify-user'
import { bareHostname } from './url-policy'

/** Stops telling an endpoint, and tells its owner why: on its page, and by mail. */
export async function disableEndpoint(
  tx: Tx,
  boss: PgBoss,
  { endpoint: { id, ownerId, url }, reason }: { endpoint: WebhookEndpoint; reason: string },
) {
  await tx.webhookEndpoint.update({ where: { id }, data: { isEnabled: false, disabledReason: reason } })
  await notifyUser(tx, boss, {
    ownerId,
    event: 'webhook.failed',
    // Turned on again, it may fail again.
    eventKey: `webhook.failed/${id}/${new Date().toISOString()}`,
    // The rest of an address may be a secret.
    title: bareHostname(new URL(url)),
    href: `/account/webhooks/${id}`,
    detail: reason,
  })
}
