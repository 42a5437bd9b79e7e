import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, type RequestOptions } from 'node:https'
import { PermanentError } from '@/lib/errors'
import { parseOutboundUrl, type OutboundPolicy } from '@/lib/http/outbound-url'
import { resolveOwnNetworks } from '@/lib/http/own-networks'
import { importPolicy } from '@/lib/imports/source-url'
import * as messages from '@/lib/generated/messages/import-errors'
import { createGuardedLookup } from '../http/guarded-lookup'
import { encodedError, statusError, toConnectionError, transientError, webPageError } from './errors'
import { readResponse, type RemoteFile } from './read-response'

const MAX_REDIRECTS = 5
const REDIRECT_STATUSES = [301, 302, 303, 307, 308]
const WEB_PAGE = /^(text\/html|application\/xhtml\+xml)\b/i

interface Options {
  /** The bytes after `offset` of the version that `validator` identifies, if the server still has it. */
  resume: { offset: number; validator: string } | null
  signal: AbortSignal
  /** From the DNS lookup to the response headers, for each redirect. */
  responseTimeoutMs: number
}

/**
 * Requests a file, and follows redirects. The address of every connection is checked, that of each redirect too. The caller
 * reads or destroys the body.
 * @throws {PermanentError} import.address_refused, .unreachable, .sign_in_required, .forbidden, .not_found, .refused,
 *   .web_page, .encoded or .too_many_redirects. @throws {AppError} import.interrupted
 */
export async function openUrl(url: string, options: Options): Promise<RemoteFile> {
  const policy = importPolicy(await resolveOwnNetworks())
  let target = parseOutboundUrl(url, policy)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await sendRequest(target, policy, options).catch((error: unknown) => {
      options.signal.throwIfAborted()
      throw toConnectionError(error, target.host)
    })
    const { location } = response.headers
    if (!REDIRECT_STATUSES.includes(response.statusCode!) || location === undefined)
      return acceptResponse(response, { ...options, target })
    response.destroy()
    target = parseOutboundUrl(URL.parse(location, target)?.href ?? location, policy)
  }
  throw new PermanentError({
    code: 'import.too_many_redirects',
    message: messages.tooManyRedirects({ maximum: MAX_REDIRECTS }),
    advice: messages.useFileLink(),
  })
}

function sendRequest(target: URL, policy: OutboundPolicy, { resume, signal, responseTimeoutMs }: Options) {
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), responseTimeoutMs)
  const range = resume ? { range: `bytes=${resume.offset}-`, 'if-range': resume.validator } : {}
  const options: RequestOptions = {
    agent: false,
    lookup: createGuardedLookup(policy),
    headers: { accept: '*/*', 'accept-encoding': 'identity', connection: 'close', ...range },
    signal: AbortSignal.any([signal, deadline.signal]),
  }
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(target, options, resolve)
    request.once('error', (error) =>
      reject(
        deadline.signal.aborted
          ? transientError(messages.noResponse({ host: target.host, seconds: responseTimeoutMs / 1000 }))
          : error,
      ),
    )
    request.end()
  }).finally(() => clearTimeout(timer))
}

/** @throws as `openUrl`, after closing the connection */
function acceptResponse(response: IncomingMessage, { target, resume }: Options & { target: URL }) {
  const { statusCode: status = 0, headers } = response
  const encoding = headers['content-encoding'] ?? 'identity'
  const isFile = status === 200 || (resume !== null && (status === 206 || status === 416))
  const error = !isFile
    ? statusError(status, target.host)
    : WEB_PAGE.test(headers['content-type'] ?? '')
      ? webPageError(target.host)
      : encoding.toLowerCase() === 'identity'
        ? null
        : encodedError(encoding)
  if (!error) return readResponse(response, { host: target.host })
  response.destroy()
  throw error
}
