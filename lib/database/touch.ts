import type { Prisma } from '../generated/prisma/client'
import type { Db, Tx } from './db'

interface TouchWhere {
  video: Prisma.VideoWhereInput
  machine: Prisma.MachineWhereInput
}

/**
 * Increments the version of rows whose related rows have changed, so that pages reload them. A trigger sets the new
 * version on any update; the value written here is ignored.
 */
export async function touch<Table extends keyof TouchWhere>(
  tx: Tx | Db,
  table: Table,
  where: TouchWhere[Table],
) {
  const data = { version: 0 }
  if (table === 'video') await tx.video.updateMany({ where: where as TouchWhere['video'], data })
  else await tx.machine.updateMany({ where: where as TouchWhere['machine'], data })
}
