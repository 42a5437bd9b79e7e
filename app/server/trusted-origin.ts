import type { IncomingHttpHeaders } from 'node:http'
import { config } from '@/lib/config'

/**
 * Whether a socket was opened by a page of ours. Browsers always say which page that is; programs that
 * say nothing have to show an API key, which no page of another site can.
 */
export function isTrustedOrigin({ origin, authorization }: IncomingHttpHeaders) {
  if (!origin) return authorization !== undefined
  const { publicUrl, PORT } = config()
  const ours = [publicUrl, `http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`]
  return ours.some((url) => new URL(url).origin === origin)
}
