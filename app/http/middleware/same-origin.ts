import type { IncomingHttpHeaders } from 'node:http'
import { BEARER_PATTERN } from '@/lib/accounts/authenticate'
import { config } from '@/lib/config/config'

/**
 * Whether a request is authenticated by API key, as `authenticate` decides it: any other `Authorization`, such as that of a
 * reverse proxy, leaves the cookie in force.
 */
export const hasApiKey = ({ authorization }: IncomingHttpHeaders) => BEARER_PATTERN.test(authorization ?? '')

/**
 * Whether a connection comes from a page of this app, or carries an API key. Browsers always send `Origin`; other
 * clients need an API key, which a page of another site does not have.
 */
export const isSameOriginOrApiKey = (headers: IncomingHttpHeaders) =>
  headers.origin ? isOwnOrigin(headers.origin) : hasApiKey(headers)

/**
 * Whether a browser sends this request, with the user's cookie, for a page of another origin. SameSite cookies block
 * other sites but not other ports and subdomains of this one. The origin that the request itself was sent to is always
 * allowed, under any host name.
 */
export function isCrossOrigin(headers: IncomingHttpHeaders) {
  const { origin, host } = headers
  if (!origin || hasApiKey(headers)) return false
  return origin !== `http://${host}` && origin !== `https://${host}` && !isOwnOrigin(origin)
}

function isOwnOrigin(origin: string) {
  const { publicUrl, PORT } = config()
  const ownUrls = [publicUrl, `http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`]
  return ownUrls.some((url) => new URL(url).origin === origin)
}
