import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as sendRequest,
} from 'node:http'
import { duplexPair } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Locale } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'
import { NONCE_HEADER } from '../middleware/nonce-header'
import { setSecurityHeaders } from '../middleware/security-headers'
import type { RequestHandler } from '../request-handler'

/** Headers of the connection over which a page was rendered, and of its time. */
const CONNECTION_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']

export interface RenderedPage {
  status: number
  headers: OutgoingHttpHeaders
  html: string
  /** Of the scripts, in `html` and in the values of `headers`. */
  nonce: string
}

/**
 * Renders a page as `handler` does for a client without cookies, over a connection in memory: nothing of the request that
 * caused it can be in the page.
 */
export async function renderPage(options: {
  handler: RequestHandler
  path: string
  locale: Locale
}): Promise<RenderedPage> {
  const { handler, path, locale } = options
  let nonce = ''
  const server = createServer((request, response) => {
    setSecurityHeaders(request, response)
    nonce = String(request.headers[NONCE_HEADER])
    void runWithLocale(locale, () => handler.handle(request, response))
  })
  const [client, connection] = duplexPair()
  server.emit('connection', connection)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sendRequest({ path, headers: { host: 'localhost' }, createConnection: () => client })
      .once('response', resolve)
      .once('error', reject)
      .end()
  })
  const html = await text(response)
  const headers = { ...response.headers }
  for (const name of CONNECTION_HEADERS) delete headers[name]
  return { status: response.statusCode!, headers, html, nonce }
}
