import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Machine } from '../generated/prisma/client'
import { notifyUser } from '../notifications/notify-user'
import { toLocale } from '../i18n/locale'
import { runWithLocale } from '../i18n/run-with-locale'
import { translateHostText } from './host-texts'

/**
 * Notifies the owner of a machine that is stopped or terminated without a request of a user. Must be called in the
 * transaction that does so. `reason` is part of a sentence or a sentence, in English: "time to live expired". The owner
 * gets the translation of a known one.
 */
export async function notifyAutomaticStop(
  tx: Tx,
  boss: PgBoss,
  { machine: { id, ownerId, name, version }, reason }: { machine: Machine; reason?: string },
) {
  const owner = await tx.user.findUniqueOrThrow({ where: { id: ownerId }, select: { locale: true } })
  const describe = (text: string) =>
    runWithLocale(toLocale(owner.locale), () => toSentence(translateHostText(text)))
  await notifyUser(tx, boss, {
    ownerId,
    event: 'machine.stopped',
    // Unique for each time: the machine may be started and stopped again.
    eventKey: `machine.stopped/${id}/${version}`,
    title: name,
    href: `/machines/${id}`,
    detail: reason ? describe(reason) : null,
  })
}

const toSentence = (reason: string) =>
  `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}${reason.endsWith('.') ? '' : '.'}`
