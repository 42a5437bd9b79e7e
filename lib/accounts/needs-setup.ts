import { type Db, db } from '../database/db'

/** True until the first account, the administrator's, exists. */
export const needsSetup = async (database: Db = db()) => (await database.user.count()) === 0
