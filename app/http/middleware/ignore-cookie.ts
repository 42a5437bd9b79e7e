import type { IncomingMessage } from 'node:http'
import { hasApiKey } from './same-origin'

/**
 * Removes the cookie of a request with an API key. The origin of such a request is not checked, so no handler, not even
 * of a library, may authenticate it by cookie.
 */
export function ignoreCookieWithApiKey({ headers }: IncomingMessage) {
  if (hasApiKey(headers)) delete headers.cookie
}
