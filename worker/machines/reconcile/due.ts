import type { PgBoss } from 'pg-boss'
import type { Db } from '@/lib/db'
import { changeMachine, terminate } from '@/lib/machines/control'
import { executeScript } from '@/lib/machines/kinds'
import { Failures } from './failures'

/** Ends machines whose time is over or whose only job is done, and stops those that ran long enough. */
export async function endDue({ db, boss }: { db: Db; boss: PgBoss }, failures = new Failures()) {
  const expired = await db.machine.findMany({
    where: {
      state: { notIn: ['terminating', 'terminated'] },
      isProtected: false,
      expiresAt: { lt: new Date() },
    },
  })
  const finished = await db.machine.findMany({
    where: {
      state: { in: ['running', 'stopped'] },
      isProtected: false,
      tasks: {
        some: {
          kind: executeScript.name,
          state: { in: ['done', 'failed', 'canceled'] },
          payload: { path: ['thenTerminate'], equals: true },
        },
      },
    },
  })
  const rested = await db.$queryRaw<{ id: string; ownerId: string }[]>`
    SELECT id, "ownerId" FROM machine WHERE state = 'running'
      AND "startedAt" + "autoStopMinutes" * interval '1 minute' < now()`
  const by = (reason: string) => ({ db, boss, actorId: null, reason })
  for (const { id, ownerId } of expired)
    await failures.machine('due', id, () => terminate({ ...by('its time was over'), id, ownerId }))
  for (const { id, ownerId } of finished)
    await failures.machine('due', id, () => terminate({ ...by('its script has ended'), id, ownerId }))
  for (const { id, ownerId } of rested)
    await failures.machine('due', id, () =>
      changeMachine({ ...by('it ran as long as it was to'), id, ownerId }, 'stop'),
    )
}
