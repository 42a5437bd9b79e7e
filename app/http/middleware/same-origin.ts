import type { IncomingHttpHeaders } from 'node:http'
import { config } from '@/lib/config/config'

/**
 * Whether a socket was opened by a page of ours. Browsers always say which page that is; programs that
 * say nothing have to show an API key, which no page of another site can.
 */
export const isSameOriginOrApiKey = ({ origin, authorization }: IncomingHttpHeaders) =>
  origin ? isOwnOrigin(origin) : authorization !== undefined

/**
 * Whether a page of another origin had a browser ask this with the cookie of who is signed in there. SameSite
 * keeps pages of other sites out, but not those of other ports and names of this one. A page that asks where it
 * came from is ours by whatever name it was reached.
 */
export function isCrossOrigin({ origin, authorization, host }: IncomingHttpHeaders) {
  if (!origin || authorization !== undefined) return false
  return origin !== `http://${host}` && origin !== `https://${host}` && !isOwnOrigin(origin)
}

function isOwnOrigin(origin: string) {
  const { publicUrl, PORT } = config()
  const ours = [publicUrl, `http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`]
  return ours.some((url) => new URL(url).origin === origin)
}
