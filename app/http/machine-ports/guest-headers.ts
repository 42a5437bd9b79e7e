import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** Between two programs only (RFC 9110, 7.6.1). */
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

/** Who asks, and from where, is between the browser and Meanwhile. */
const CALLER_HEADERS = [
  'authorization',
  'cookie',
  'host',
  'origin',
  'referer',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-prefix',
]

/** What would act on all of Meanwhile's address in the browser, and not on the guest's pages alone. */
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

/** A page of a guest may run its scripts, but as nobody: without `allow-same-origin` it is of no origin at all. */
const SANDBOX_POLICY =
  'sandbox allow-downloads allow-forms allow-modals allow-pointer-lock allow-popups allow-scripts'

const omitHeaders = (headers: IncomingHttpHeaders, names: string[]) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !names.includes(name)),
  )

/** What of a request's headers goes into the machine. */
export const headersToGuest = (headers: IncomingHttpHeaders, port: number) => ({
  ...omitHeaders(headers, [...HOP_BY_HOP_HEADERS, ...CALLER_HEADERS]),
  host: `localhost:${port}`,
})

/** What of an answer's headers comes out of the machine; `base` is the address of its pages here. */
export function headersFromGuest(
  headers: IncomingHttpHeaders,
  { port, base }: { port: number; base: string },
) {
  const policy = headers['content-security-policy']
  const answer: Record<string, OutgoingHttpHeaders[string]> = {
    ...omitHeaders(headers, [...HOP_BY_HOP_HEADERS, ...ORIGIN_WIDE_HEADERS]),
    ...(headers.location ? { location: rewriteLocation(headers.location, { port, base }) } : {}),
    // Several policies hold together, so its own can only take more away.
    'content-security-policy': [policy ?? [], SANDBOX_POLICY].flat(),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...CORS_HEADERS,
  }
  return answer as OutgoingHttpHeaders
}

/** Pages of no origin may read what is theirs. Whoever else asks would have to know the pass in the address. */
export const CORS_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': '*',
}

/** Where a guest sends to within itself, as it is called here. */
function rewriteLocation(location: string, { port, base }: { port: number; base: string }) {
  const own = new RegExp(`^(?:https?:)?//(?:localhost|127\\.0\\.0\\.1):${port}(?=/|$)`)
  const path = location.replace(own, '') || '/'
  return path.startsWith('/') && !path.startsWith('//') ? base + path : location
}
