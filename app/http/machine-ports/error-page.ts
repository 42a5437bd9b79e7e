import type { IncomingMessage, ServerResponse } from 'node:http'
import { toProblemResponse } from '../problem-details'
import { sendResponse } from '../send-response'
import * as messages from '@/lib/generated/messages/machine-errors'
import { getLocale, getTextDirection } from '@/lib/i18n/locale'

const ERROR_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** Answers with an HTML page if the client accepts one, otherwise with problem+json. */
export async function sendPortError(request: IncomingMessage, response: ServerResponse, error: unknown) {
  const problem = toProblemResponse(error)
  if (!request.headers.accept?.includes('text/html')) return sendResponse(response, problem)
  const { title } = (await problem.json()) as { title: string }
  response
    .writeHead(problem.status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': ERROR_PAGE_POLICY,
    })
    .end(errorPage(title))
}

function errorPage(message: string) {
  const locale = getLocale()
  return `<!doctype html>
<html lang="${locale}" dir="${getTextDirection(locale)}"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${messages.pageTitle()}</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1.5rem">
<h1 style="font-size: 20px">${messages.pageHeading()}</h1>
<p>${message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>
</body></html>
`
}
