import { Transform } from 'node:stream'
import * as messages from '@/lib/generated/messages/machine-errors'
import { findRequestLocale } from '@/lib/http/request-locale'
import { getTextDirection, type Locale } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'

const MAX_HEAD_BYTES = 64 * 1024
const REQUEST_LINE = /^[A-Z]{1,20} \S+ HTTP\/1\.[01]\r\n/
const PARTIAL_REQUEST_LINE = /^[A-Z]{1,20}( [^\r\n]*\r?)?$/
/** The session cookie of this app. */
const SESSION_COOKIE = /^cookie:.*\bbetter-auth\./im
const LOOPBACK_HOST = /^host: *(localhost|127\.0\.0\.1)(:\d+)? *\r$/im

/**
 * Passes client data through, except HTTP requests that carry this app's session cookie: browsers send cookies to every
 * port of a host (RFC 6265 §8.5), so the guest would receive the user's session. Calls `onCookie` with the HTTP response to
 * send instead of passing the request through.
 */
export function rejectSessionCookie(onCookie: (response: string) => void) {
  let head: Buffer | null = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _, done) {
      if (!head) return done(null, chunk)
      const all = (head = Buffer.concat([head, chunk]))
      const text = all.toString('latin1')
      if (isHeadIncomplete(text)) return done()
      head = null
      const [request = ''] = text.split('\r\n\r\n', 1)
      if (!REQUEST_LINE.test(text) || !SESSION_COOKIE.test(request)) return done(null, all)
      onCookie(renderRejection(request))
    },
    flush: (done) => done(null, head),
  })
}

const isHeadIncomplete = (text: string) =>
  text.length < MAX_HEAD_BYTES &&
  (PARTIAL_REQUEST_LINE.test(text) || (REQUEST_LINE.test(text) && !text.includes('\r\n\r\n')))

/** In the language of the request. */
function renderRejection(head: string) {
  const headers = Object.fromEntries(
    ['cookie', 'accept-language'].map((name) => [
      name,
      new RegExp(`^${name}:([^\\r\\n]*)`, 'im').exec(head)?.[1],
    ]),
  )
  const locale = findRequestLocale({ headers })
  return runWithLocale(locale, () => renderResponse(renderPage(head, locale)))
}

function renderPage(head: string, locale: Locale) {
  const [, name, port = ''] = LOOPBACK_HOST.exec(head) ?? []
  const other = name && `http://${name === 'localhost' ? '127.0.0.1' : 'localhost'}${port}/`
  return `<!doctype html>
<html lang="${locale}" dir="${getTextDirection(locale)}"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${messages.sessionProtected()}</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1.5rem">
<h1 style="font-size: 20px">${messages.sessionProtected()}</h1>
<p>${messages.sessionProtectedReason()}
${other ? messages.openElsewhere({ link: `<a href="${other}">${other}</a>` }) : messages.openPrivately()}</p>
</body></html>
`
}

const renderResponse = (page: string) =>
  [
    'HTTP/1.1 403 Forbidden',
    'content-type: text/html; charset=utf-8',
    `content-length: ${Buffer.byteLength(page)}`,
    "content-security-policy: default-src 'none'; style-src 'unsafe-inline'",
    'cache-control: no-store',
    'connection: close',
    `\r\n${page}`,
  ].join('\r\n')
