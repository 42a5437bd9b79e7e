import { processSingleton } from '../concurrency/process-singleton'

const offset = processSingleton<number>('clock offset')

/** Stores what the heartbeat measured: the clock of this computer minus that of the database, in milliseconds. */
export const setClockOffset = (offsetMs: number) => (offset.current = offsetMs)

/**
 * The time by the clock of the database, in milliseconds since 1970, as of the last heartbeat of this process. For times
 * that another computer compares; without a heartbeat, the time of this computer.
 */
export const databaseTimeMs = () => Date.now() - (offset.current ?? 0)
