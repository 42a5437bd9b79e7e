import { DAY_MS } from '@/lib/durations'

/** When a link expires, as the user chooses it: a number of days from now, never, or as it is. */
export type Expiry = 'never' | 'unchanged' | `${number}`

/** The field of the settings that the choice sets; none if it stays as it is. */
export function readExpiry(expiry: Expiry) {
  if (expiry === 'unchanged') return {}
  if (expiry === 'never') return { expiresAt: null }
  return { expiresAt: new Date(Date.now() + Number(expiry) * DAY_MS).toISOString() }
}
