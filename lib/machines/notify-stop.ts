import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Machine } from '../generated/prisma/client'
import { notifyUser } from '../notifications/notify-user'

/**
 * Notifies the owner of a machine that is stopped or terminated without a request of a user. Must be called in the
 * transaction that does so. `reason` is part of a sentence or a sentence: "time to live expired".
 */
export const notifyAutomaticStop = (
  tx: Tx,
  boss: PgBoss,
  { machine: { id, ownerId, name, version }, reason }: { machine: Machine; reason?: string },
) =>
  notifyUser(tx, boss, {
    ownerId,
    event: 'machine.stopped',
    // Unique for each time: the machine may be started and stopped again.
    eventKey: `machine.stopped/${id}/${version}`,
    title: name,
    href: `/machines/${id}`,
    detail: reason ? toSentence(reason) : null,
  })

const toSentence = (reason: string) =>
  `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}${reason.endsWith('.') ? '' : '.'}`
