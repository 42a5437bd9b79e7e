import { hostname } from 'node:os'

/** Identifies this process among all workers, including those that have ended. */
export const WORKER_ID = `${hostname()}.${process.pid}.${Date.now().toString(36)}`
