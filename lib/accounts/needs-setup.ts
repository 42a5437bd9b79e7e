import { type Db, db } from '../database/db'
import { queryDirectly } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { Prisma } from '../generated/prisma/client'

/** True until the first account, the administrator's, exists. */
export async function needsSetup(database: Db = db()) {
  const users = await queryDirectly(database, Prisma.sql`${prepared} SELECT 1 FROM "user" LIMIT 1`)
  return users.length === 0
}
