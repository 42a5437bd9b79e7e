import { needsSetup } from '@/lib/accounts/needs-setup'
import { getLocale, type Locale } from '@/lib/i18n/locale'
import { compressFor } from '../compress-for'
import { NONCE_HEADER } from '../middleware/nonce-header'
import type { RequestHandler } from '../request-handler'
import { sendResponse } from '../send-response'
import { type RenderedPage, renderPage } from './render-page'

/**
 * Answers `/sign-in` with a page that `next` rendered once per language; each response has a nonce of its own. Apart from
 * the language, the page depends on the configuration, which changes with a restart, and on whether the server is set up.
 * Requests with a query, and of a server that is not set up, are left to `next`.
 */
export function createSignInHandler(next: RequestHandler): RequestHandler {
  const pages = new Map<Locale, RenderedPage>()
  const readPage = async () => {
    const locale = getLocale()
    const page = pages.get(locale) ?? (await renderPage({ handler: next, path: '/sign-in', locale }))
    if (isCacheable(page)) pages.set(locale, page)
    return page
  }
  return {
    matches: ({ method, url, headers }) => method === 'GET' && url === '/sign-in' && !headers.rsc,
    async handle(request, response) {
      const isSetUp = await needsSetup().then(
        (isNeeded) => !isNeeded,
        () => false,
      )
      const page = isSetUp && (await readPage())
      if (!page || !isCacheable(page)) return next.handle(request, response)
      const webResponse = withNonce(page, String(request.headers[NONCE_HEADER]))
      await sendResponse(response, await compressFor(request, webResponse))
    },
  }
}

const isCacheable = ({ status, headers }: RenderedPage) => status === 200 && !headers['set-cookie']

function withNonce({ html, headers, nonce: rendered }: RenderedPage, nonce: string) {
  const replaced = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    String(value).replaceAll(rendered, nonce),
  ])
  return new Response(html.replaceAll(rendered, nonce), { headers: replaced })
}
