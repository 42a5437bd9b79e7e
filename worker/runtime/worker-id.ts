import { hostname } from 'node:os'

/** The name of this process among all workers of now and before. */
export const WORKER_ID = `${hostname()}.${process.pid}.${Date.now().toString(36)}`
