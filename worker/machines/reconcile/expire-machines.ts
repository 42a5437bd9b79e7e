import type { PgBoss } from 'pg-boss'
import type { Db } from '@/lib/database/db'
import { requestPowerAction } from '@/lib/machines/power-actions'
import { requestTermination } from '@/lib/machines/termination'
import { executeScriptTask } from '@/lib/machines/tasks'
import { FailureLog } from './failure-log'
import * as messages from '@/lib/generated/messages/machine-host-texts'

/** Terminates machines that have expired or whose script has ended, and stops those past their auto-stop time. */
export async function expireMachines({ db, boss }: { db: Db; boss: PgBoss }, failures = new FailureLog()) {
  const expired = await db.$queryRaw<{ id: string; ownerId: string }[]>`
    SELECT id, "ownerId" FROM machine
    WHERE state NOT IN ('terminating', 'terminated') AND NOT "isProtected" AND "expiresAt" < now()`
  const withEndedScript = await db.machine.findMany({
    where: {
      state: { in: ['running', 'stopped'] },
      isProtected: false,
      tasks: {
        some: {
          kind: executeScriptTask.name,
          state: { in: ['done', 'failed', 'canceled'] },
          payload: { path: ['thenTerminate'], equals: true },
        },
      },
    },
  })
  const pastAutoStop = await db.$queryRaw<{ id: string; ownerId: string }[]>`
    SELECT id, "ownerId" FROM machine WHERE state = 'running'
      AND "startedAt" + "autoStopMinutes" * interval '1 minute' < now()`
  const targetOf = ({ id, ownerId }: { id: string; ownerId: string }, reason: string) => ({
    db,
    boss,
    id,
    ownerId,
    actorId: null,
    reason,
    notifiesOwner: true,
  })
  for (const machine of expired)
    await failures.runForMachine({ step: 'expiry', machineId: machine.id }, () =>
      requestTermination(targetOf(machine, messages.expired())),
    )
  for (const machine of withEndedScript)
    await failures.runForMachine({ step: 'expiry', machineId: machine.id }, () =>
      requestTermination(targetOf(machine, messages.scriptEnded())),
    )
  for (const machine of pastAutoStop)
    await failures.runForMachine({ step: 'expiry', machineId: machine.id }, () =>
      requestPowerAction(targetOf(machine, messages.autoStopReached()), 'stop'),
    )
}
