import type { OpenedLink } from './open-link'

/** Media may play in a hidden page, whose list is not looked at. Well below the 6 hours of a grant. */
const HIDDEN_RENEWAL_SECONDS = 3_000

/** The seconds between two renewals, well below the 6 hours of a grant. A console is connected again with a new one. */
export function renewalSeconds(link: OpenedLink) {
  if ('playlistName' in link) return 30
  return 'machineName' in link ? 4 * 3_600 : 3_600
}

/** Whether a page renews its grant so many seconds after the last time. Consoles are renewed only if they are looked at. */
export const isRenewalDue = (
  link: OpenedLink,
  { seconds, isHidden }: { seconds: number; isHidden: boolean },
) => !isHidden || (!('machineName' in link) && seconds >= HIDDEN_RENEWAL_SECONDS)
