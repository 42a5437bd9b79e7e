import type { PgBoss } from 'pg-boss'
import { lockUser } from '../accounts/lock-user'
import { Batcher } from '../concurrency/batcher'
import type { Db } from '../database/db'
import type { DirectTransaction } from '../database/direct-query'
import { runDirectTransaction } from '../database/direct-transaction'
import { isConflict } from '../database/query-errors'
import { notFound } from '../errors'
import { readConfirmationRecipient } from '../mail/order-confirmation'
import { resolveLimits } from '../users/limits'
import { assertMachinePermitted } from '../users/permissions'
import { insertMachines, type MachineRequest, type OrderedMachine } from './insert-machines'
import { readUsedResources, takeFromQuota, toMachineUsage } from './quota'

interface Deps {
  db: Db
  boss: PgBoss
}

type Outcome = OrderedMachine | { error: unknown }

/** Orders of one user are serialized by the quota. Sharing transactions, a burst needs few of them. */
const MAX_ORDERS_PER_TRANSACTION = 32

/** The requests of each user with any. */
const queues = new Map<
  string,
  { batcher: Batcher<Deps & { wanted: MachineRequest }, Outcome>; requests: number }
>()

/**
 * Creates a machine: its row, order number, tasks and first job commit together, with those of other requests of the user
 * that arrive meanwhile.
 * @throws {AppError} machine.quota_exceeded, machine.not_allowed, machine.internet_not_allowed
 * @throws a conflict (`isConflict`) if the idempotency key was used before
 */
export async function orderMachine(deps: Deps, wanted: MachineRequest): Promise<OrderedMachine> {
  const { ownerId } = wanted
  const queue = queues.get(ownerId) ?? {
    batcher: new Batcher(orderTogether, { maxSize: MAX_ORDERS_PER_TRANSACTION }),
    requests: 0,
  }
  queues.set(ownerId, queue)
  queue.requests++
  try {
    const outcome = await queue.batcher.add({ ...deps, wanted })
    if ('error' in outcome) throw outcome.error
    return outcome
  } finally {
    queue.requests--
    if (queue.requests === 0) queues.delete(ownerId)
  }
}

async function orderTogether(orders: readonly (Deps & { wanted: MachineRequest })[]): Promise<Outcome[]> {
  const { db, boss } = orders[0]!
  const order = (wanted: MachineRequest[]) => runDirectTransaction(db, (tx) => orderAll(tx, boss, wanted))
  const all = orders.map(({ wanted }) => wanted)
  try {
    return await order(all)
  } catch (error) {
    if (!isConflict(error)) throw error
    // The idempotency key of one of them was used before.
    if (all.length === 1) return [{ error }]
    const outcomes: Outcome[] = []
    for (const wanted of all)
      outcomes.push(...(await order([wanted]).catch((alone: unknown) => [{ error: alone }])))
    return outcomes
  }
}

/** Orders what the quota and the permissions of the user allow; the others get errors. */
async function orderAll(tx: DirectTransaction, boss: PgBoss, wanted: MachineRequest[]): Promise<Outcome[]> {
  const { ownerId } = wanted[0]!
  // Executed in this order: what is read after the lock includes all that other transactions have ordered.
  const [user, used, confirmTo] = await Promise.all([
    lockUser(tx, ownerId),
    readUsedResources(tx, ownerId),
    readConfirmationRecipient(tx, ownerId),
  ])
  if (!user) throw notFound('person')
  const usage = toMachineUsage(used, resolveLimits(user))
  const problems = new Map<MachineRequest, unknown>()
  for (const one of wanted)
    try {
      assertMachinePermitted(user, one.request.network)
      takeFromQuota(usage, { ...one.size, machines: 1 })
    } catch (error) {
      problems.set(one, error)
    }
  const admitted = wanted.filter((one) => !problems.has(one))
  const ordered = await insertMachines(tx, boss, { ownerId, admitted, confirmTo })
  return wanted.map((one) => ordered.get(one) ?? { error: problems.get(one) })
}
