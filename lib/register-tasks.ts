import { kinds, recordKinds } from './kinds'
import { taskEndListeners } from './task-end-listeners'
import { registerTasks } from './tasks/registry'
import { retryTrim } from './videos/trim/retry-trim'

/** Registers every kind and listener. Each process that reads or ends tasks calls this once at startup. */
export const registerAllTasks = () =>
  registerTasks({ kinds, recordKinds, endListeners: taskEndListeners, retryListeners: [retryTrim] })
