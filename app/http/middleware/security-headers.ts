import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { config } from '@/lib/config/config'
import { readDeliveryOrigin } from '@/lib/storage/delivery-origin'
import { isMachinePortPath } from '../machine-ports/authorize-port'
import { NONCE_HEADER } from './nonce-header'

const isDevelopment = process.env.NODE_ENV === 'development'

/** For everything but pages: data, of which a browser that opens it executes nothing. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** The service worker executes nothing but itself, and requests pages only of the app. */
const SERVICE_WORKER_POLICY = "default-src 'none'; connect-src 'self'"

/** Where media come from if the app redirects to the storage, after a space. */
function storageOrigin() {
  const origin = readDeliveryOrigin(config())
  return origin ? ` ${origin}` : ''
}

/**
 * The policy of pages. `strict-dynamic`, because scripts of the build load further ones. Styles may be inline: media-chrome
 * and xterm.js put style elements into the page and its shadow roots without a nonce, and React renders style attributes.
 * Workers and media come from blobs in hls.js.
 */
const pagePolicy = (nonce: string, frameAncestors: string) =>
  [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${storageOrigin()}`,
    `media-src 'self' blob:${storageOrigin()}`,
    "worker-src 'self' blob:",
    `connect-src 'self'${isDevelopment ? ' ws:' : ''}${storageOrigin()}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ')

/** All that concerns scripts, styles and fonts of the build: a page loads many, and headers are not compressed. */
const FILE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}

const COMMON_HEADERS = {
  ...FILE_HEADERS,
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': [
    'accelerometer',
    'camera',
    'display-capture',
    'geolocation',
    'gyroscope',
    'magnetometer',
    'microphone',
    'midi',
    'payment',
    'serial',
    'usb',
    'xr-spatial-tracking',
  ]
    .map((feature) => `${feature}=()`)
    .join(', '),
  'cross-origin-opener-policy': 'same-origin',
}

/** X-Frame-Options knows no list of origins; `frame-ancestors` has them. */
const { 'x-frame-options': _, ...EMBED_HEADERS } = COMMON_HEADERS

const isHttps = () => config().publicUrl.startsWith('https:')
const TRANSPORT_SECURITY = { 'strict-transport-security': 'max-age=31536000' }

/**
 * Adds the security headers to a response, unless its handler sets other values. Next.js finds the nonce for its scripts in
 * the policy among the headers of the request. Pages of machines are isolated by `headersFromGuest` instead.
 */
export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse) {
  const defaults = isMachinePortPath(request.url) ? {} : ownHeaders(request)
  const headers = Object.entries({ ...defaults, ...(isHttps() ? TRANSPORT_SECURITY : {}) })
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
  response.writeHead = (...args: unknown[]) => {
    for (const [name, value] of headers) if (!response.hasHeader(name)) response.setHeader(name, value)
    return writeHead(...args)
  }
}

function ownHeaders(request: IncomingMessage) {
  const { url = '', headers } = request
  delete headers['content-security-policy-report-only']
  const embedOrigins = isEmbedPath(url) ? config().SHARE_EMBED_ORIGINS : []
  const policy = choosePolicy(request, embedOrigins.join(' ') || "'none'")
  headers['content-security-policy'] = policy
  if (isBuildFile(url)) return FILE_HEADERS
  // Next.js sets the caching of static files itself, if there is none yet.
  const caching = url.startsWith('/_next/') ? {} : { 'cache-control': 'no-store' }
  const common = embedOrigins.length > 0 ? EMBED_HEADERS : COMMON_HEADERS
  return { ...common, ...caching, 'content-security-policy': policy }
}

function choosePolicy(request: IncomingMessage, frameAncestors: string) {
  const { url = '' } = request
  if (url === '/sw.js') return SERVICE_WORKER_POLICY
  return isPagePath(url) ? createPagePolicy(request, frameAncestors) : DATA_POLICY
}

/** The page of a shared video for other sites, by the exact form of its token: no other page may match, however it is decoded. */
const isEmbedPath = (url: string) => /^\/embed\/[\w-]{32}(?:\?|$)/.test(url)

/** Whether it can be no path of a page, however it is decoded. */
const isBuildFile = (url: string) => /^\/_next\/static\/[\w/-]+\.(?:js|css|woff2)$/.test(url)

const isPagePath = (url: string) => !/^\/(api|media|_next)\//.test(url)

function createPagePolicy({ headers }: IncomingMessage, frameAncestors: string) {
  const nonce = randomBytes(16).toString('base64')
  headers[NONCE_HEADER] = nonce
  return pagePolicy(nonce, frameAncestors)
}
