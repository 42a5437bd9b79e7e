import { createHmac } from 'node:crypto'
import { authSecret } from '@/lib/accounts/auth-secret'

/** The token by which the end of a machine's first script is known. Derived, so that each attempt and each worker has the same. */
export const bootScriptToken = (machineId: string) =>
  createHmac('sha256', authSecret()).update(`boot script ${machineId}`).digest('hex').slice(0, 32)
