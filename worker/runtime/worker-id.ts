import { hostname } from 'node:os'

/** Identifies this process among all workers, past and present. */
export const WORKER_ID = `${hostname()}.${process.pid}.${Date.now().toString(36)}`
