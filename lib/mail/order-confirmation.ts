import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/mail'
import { config } from '../config/config'
import type { SqlExecutor } from '../database/direct-query'
import type { Machine, MachineOrder } from '../generated/prisma/client'
import { formatMachineSize } from '../machines/sizes'
import type { MailContent } from './content'
import { queueMails, readMailRecipient } from './queue-mail'
import { readNotificationSettings } from '../notifications/settings'

interface Order {
  order: MachineOrder
  machine: Machine
}

/** Reads where orders of a user are confirmed; null if the user has turned that off. @throws {AppError} person.not_found */
export async function readConfirmationRecipient(tx: SqlExecutor, ownerId: string) {
  const [{ events }, recipient] = await Promise.all([
    readNotificationSettings(tx, ownerId),
    readMailRecipient(tx, { ownerId }),
  ])
  return events['machine.ordered'] ? recipient : null
}
export type ConfirmationRecipient = Awaited<ReturnType<typeof readConfirmationRecipient>>

interface Confirmations {
  ownerId: string
  to: ConfirmationRecipient
  orders: readonly Order[]
}

/** Queues the confirmations of orders of one user. Must be called in the transaction that creates the orders. */
export async function queueOrderConfirmations(
  tx: SqlExecutor,
  boss: PgBoss,
  { ownerId, to, orders }: Confirmations,
) {
  if (to) await queueMails(tx, boss, { ownerId, to, areNew: true, mails: orders.map(toMail) })
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
