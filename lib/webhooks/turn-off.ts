import type { PgBoss } from 'pg-boss'
import type { Tx } from '../db'
import type { WebhookEndpoint } from '../generated/prisma/client'
import { tellByMail } from '../mail/notify'
import { hostOf } from './addresses'

/** Stops telling an endpoint, and tells its owner why: on its page, and by mail. */
export async function turnOff(
  tx: Tx,
  boss: PgBoss,
  { endpoint: { id, ownerId, url }, reason }: { endpoint: WebhookEndpoint; reason: string },
) {
  await tx.webhookEndpoint.update({ where: { id }, data: { isEnabled: false, disabledReason: reason } })
  await tellByMail(tx, boss, {
    ownerId,
    event: 'webhook.failed',
    // Turned on again, it may fail again.
    eventKey: `webhook.failed/${id}/${new Date().toISOString()}`,
    // The rest of an address may be a secret.
    title: hostOf(new URL(url)),
    href: `/account/webhooks/${id}`,
    detail: reason,
  })
}
