import { databaseTimeMs } from '../cluster/database-clock'
import { config } from '../config/config'

const HOUR_MS = 3_600_000

export const uploadLifetimeMs = () => config().UPLOAD_EXPIRES_HOURS * HOUR_MS

/** When an upload expires that receives no further data: `UPLOAD_EXPIRES_HOURS` from now. */
export const uploadExpiry = () => new Date(databaseTimeMs() + uploadLifetimeMs())
