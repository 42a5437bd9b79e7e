import { AsyncLocalStorage } from 'node:async_hooks'
import { processSingleton } from '../concurrency/process-singleton'
import { sanitizeText } from '../text/sanitize'

/** Who performs an action, as recorded in the audit log. */
export interface Actor {
  id: string | null
  email: string | null
  kind: 'session' | 'key' | 'system'
  /** Client address; null without a request. */
  address: string | null
  userAgent: string | null
}

const SYSTEM: Actor = { id: null, email: null, kind: 'system', address: null, userAgent: null }
const MAX_USER_AGENT_LENGTH = 300

const singleton = processSingleton<AsyncLocalStorage<Actor>>('audit actor')
const storage = () => (singleton.current ??= new AsyncLocalStorage<Actor>())

/** Runs `work`, whose actions are recorded as those of `actor`. */
export const runAsActor = <T>(actor: Actor, work: () => T) => storage().run(actor, work)

/** The actor of the current request; the app itself outside of one. */
export const currentActor = (): Actor => storage().getStore() ?? SYSTEM

/** Where a request came from. `setClientIp` has replaced `x-forwarded-for` by the address of the client. */
export function requestOrigin(headers: Headers | undefined): Pick<Actor, 'address' | 'userAgent'> {
  const userAgent = headers?.get('user-agent')
  return {
    address: headers?.get('x-forwarded-for') ?? null,
    userAgent: userAgent ? sanitizeText(userAgent).slice(0, MAX_USER_AGENT_LENGTH) : null,
  }
}
