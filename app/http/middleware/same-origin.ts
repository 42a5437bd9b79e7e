import type { IncomingHttpHeaders } from 'node:http'
import { config } from '@/lib/config/config'

/**
 * Whether a connection comes from a page of this app, or carries an API key. Browsers always send `Origin`; other
 * clients need an API key, which a page of another site does not have.
 */
export const isSameOriginOrApiKey = ({ origin, authorization }: IncomingHttpHeaders) =>
  origin ? isOwnOrigin(origin) : authorization !== undefined

/**
 * Whether a browser sends this request, with the user's cookie, for a page of another origin. SameSite cookies block
 * other sites but not other ports and subdomains of this one. The origin that the request itself was sent to is always
 * allowed, under any host name.
 */
export function isCrossOrigin({ origin, authorization, host }: IncomingHttpHeaders) {
  if (!origin || authorization !== undefined) return false
  return origin !== `http://${host}` && origin !== `https://${host}` && !isOwnOrigin(origin)
}

function isOwnOrigin(origin: string) {
  const { publicUrl, PORT } = config()
  const ownUrls = [publicUrl, `http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`]
  return ownUrls.some((url) => new URL(url).origin === origin)
}
