import type { PgBoss } from 'pg-boss'
import { config } from '../config/config'
import type { Tx } from '../database/db'
import type { Machine, MachineOrder } from '../generated/prisma/client'
import { formatMachineSize } from '../machines/sizes'
import { queueMail } from './queue-mail'
import { readNotificationSettings } from './notification-settings'

/** Queues the confirmation of an order. Must be called in the transaction that creates the order. */
export async function queueOrderConfirmation(
  tx: Tx,
  boss: PgBoss,
  { order, machine }: { order: MachineOrder; machine: Machine },
) {
  const { ownerId } = order
  const { events } = await readNotificationSettings(tx, ownerId)
  if (!events['machine.ordered']) return
  const facts: [string, string][] = [
    ['Image', machine.image],
    ['Size', `${machine.sizeName} · ${formatMachineSize(machine)}`],
    ['Network', machine.network === 'outbound' ? 'Outbound' : 'None'],
  ]
  if (machine.expiresAt)
    facts.push(['Terminates at', `${machine.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`])
  await queueMail(tx, boss, {
    ownerId,
    eventKey: `machine.ordered/${machine.id}`,
    content: {
      template: 'order',
      data: {
        number: order.number,
        machine: machine.name,
        facts,
        href: `${config().publicUrl}/machines/${machine.id}`,
      },
    },
  })
}
