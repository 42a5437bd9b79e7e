import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/mail'
import { config } from '../config/config'
import type { Tx } from '../database/db'
import type { Machine, MachineOrder } from '../generated/prisma/client'
import { formatMachineSize } from '../machines/sizes'
import type { MailContent } from './content'
import { queueMails } from './queue-mail'
import { readNotificationSettings } from '../notifications/settings'

interface Order {
  order: MachineOrder
  machine: Machine
}

/** Queues the confirmations of orders of one user. Must be called in the transaction that creates the orders. */
export async function queueOrderConfirmations(
  tx: Tx,
  boss: PgBoss,
  { ownerId, orders }: { ownerId: string; orders: readonly Order[] },
) {
  const { events } = await readNotificationSettings(tx, ownerId)
  if (!events['machine.ordered']) return
  await queueMails(tx, boss, { ownerId, mails: orders.map(toMail) })
}

const toMail = (ordered: Order) => ({
  eventKey: `machine.ordered/${ordered.machine.id}`,
  content: () => describeOrder(ordered),
})

function describeOrder({ order, machine }: Order): MailContent {
  const network = machine.network === 'outbound' ? messages.networkOutbound() : messages.networkNone()
  const facts: [string, string][] = [
    [messages.image(), machine.image],
    [messages.size(), `${machine.sizeName} · ${formatMachineSize(machine)}`],
    [messages.network(), network],
  ]
  if (machine.expiresAt)
    facts.push([
      messages.terminatesAt(),
      `${machine.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    ])
  const href = `${config().publicUrl}/machines/${machine.id}`
  return { template: 'order', data: { number: order.number, machine: machine.name, facts, href } }
}
