import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** Apply to a single connection (RFC 9110, 7.6.1). */
const HOP_BY_HOP_HEADERS = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]

/**
 * What a guest may see of a request. Everything else may identify the caller, such as cookies and the headers of a
 * reverse proxy with single sign-on (`X-Forwarded-User`, `Remote-User`, `Cf-Access-Jwt-Assertion`).
 */
const GUEST_REQUEST_HEADERS = new Set(
  [
    ['accept', 'accept-charset', 'accept-encoding', 'accept-language'],
    ['cache-control', 'pragma', 'range', 'user-agent', 'dnt', 'save-data', 'priority'],
    ['content-disposition', 'content-encoding', 'content-language', 'content-length', 'content-type'],
    ['if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since'],
    // The framing of a body without a length.
    ['transfer-encoding'],
    ['access-control-request-headers', 'access-control-request-method', 'upgrade-insecure-requests'],
    ['sec-fetch-dest', 'sec-fetch-mode', 'sec-fetch-site', 'sec-fetch-user'],
    ['sec-websocket-extensions', 'sec-websocket-key', 'sec-websocket-protocol', 'sec-websocket-version'],
    ['last-event-id'],
    // Set by scripts of common web frameworks.
    ['x-requested-with', 'x-csrf-token', 'x-csrftoken', 'x-xsrf-token'],
    ['hx-boosted', 'hx-current-url', 'hx-request', 'hx-target', 'hx-trigger', 'turbo-frame'],
  ].flat(),
)

/** Would affect Meanwhile's whole origin in the browser, not only the guest's pages. */
const ORIGIN_WIDE_HEADERS = [
  'set-cookie',
  'clear-site-data',
  'strict-transport-security',
  'alt-svc',
  'service-worker-allowed',
  'www-authenticate',
  'report-to',
  'reporting-endpoints',
  'nel',
  'accept-ch',
  'critical-ch',
  'referrer-policy',
  'cross-origin-opener-policy',
  'access-control-allow-credentials',
]

/** Scripts of a guest's page run, but without `allow-same-origin` the page has an opaque origin. */
const SANDBOX_POLICY =
  'sandbox allow-downloads allow-forms allow-modals allow-pointer-lock allow-popups allow-scripts'

const omitHeaders = (headers: IncomingHttpHeaders, names: string[]) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !names.includes(name)),
  )

/** The request headers to forward to the guest. */
export const headersToGuest = (headers: IncomingHttpHeaders, port: number) => ({
  ...Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && GUEST_REQUEST_HEADERS.has(name)),
  ),
  host: `localhost:${port}`,
})

/** The response headers to forward to the client; `base` is the path of the guest's pages here. */
export function headersFromGuest(
  headers: IncomingHttpHeaders,
  { port, base }: { port: number; base: string },
) {
  const policy = headers['content-security-policy']
  const result: Record<string, OutgoingHttpHeaders[string]> = {
    ...omitHeaders(headers, [...HOP_BY_HOP_HEADERS, ...ORIGIN_WIDE_HEADERS]),
    ...(headers.location ? { location: rewriteLocation(headers.location, { port, base }) } : {}),
    // All policies apply together, so the guest's own policy can only restrict further.
    'content-security-policy': [policy ?? [], SANDBOX_POLICY].flat(),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...CORS_HEADERS,
  }
  return result as OutgoingHttpHeaders
}

/** Lets pages in an opaque origin read their own port. Other callers would need the token in the path. */
export const CORS_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': '*',
}

/** Rewrites a redirect within the guest to its path here. */
function rewriteLocation(location: string, { port, base }: { port: number; base: string }) {
  const own = new RegExp(`^(?:https?:)?//(?:localhost|127\\.0\\.0\\.1):${port}(?=/|$)`)
  const path = location.replace(own, '') || '/'
  return path.startsWith('/') && !path.startsWith('//') ? base + path : location
}
