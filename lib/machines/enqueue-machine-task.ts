import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Machine } from '../generated/prisma/client'
import { enqueueTask } from '../tasks/enqueue'
import type { TaskKind } from '../tasks/task-kind'

/** Enqueues a task without further payload on the machine's host. */
export const enqueueMachineTask = <K extends TaskKind>(
  tx: Tx,
  boss: PgBoss,
  { machine, kind }: { machine: Machine; kind: K },
) =>
  enqueueTask(tx, boss, {
    kind,
    payload: { machineId: machine.id } as never,
    ownerId: machine.ownerId,
    subjectId: machine.id,
    hostId: machine.hostId,
  })
