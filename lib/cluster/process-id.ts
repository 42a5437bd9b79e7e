import { hostname } from 'node:os'

/** Identifies this process among all processes of the app, including those that have ended. */
export const PROCESS_ID = `${hostname()}.${process.pid}.${Date.now().toString(36)}`
