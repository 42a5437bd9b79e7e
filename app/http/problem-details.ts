import * as messages from '@/lib/generated/messages/http-errors'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { z } from 'zod'
import { isDatabaseUnavailable } from '@/lib/database/database-unavailable'
import { isConflict, isInvalidValue } from '@/lib/database/query-errors'
import { AppError, conflictError } from '@/lib/errors'
import { log } from '@/lib/log'
import { StorageUnavailable } from '@/lib/storage/errors'
import { sendResponse } from './send-response'

/** Returns what `respond` returns, or the problem+json for what it throws. */
export async function withProblemDetails(respond: () => Promise<Response>) {
  try {
    return await respond()
  } catch (error) {
    return toProblemResponse(error)
  }
}

/** Answers a request of `node:http` with the problem+json for `error`. */
export const sendProblem = (response: ServerResponse, error: unknown, headers?: OutgoingHttpHeaders) =>
  sendResponse(response, toProblemResponse(error), headers)

/** Maps an error to problem+json (RFC 9457). Unexpected errors are logged and answered with 500, without their text. */
export function toProblemResponse(error: unknown) {
  if (error instanceof z.ZodError) {
    const detail = error.issues
      .slice(0, MAX_ISSUES)
      .map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`)
      .join('; ')
    return createProblemResponse({
      code: 'request.invalid',
      title: messages.invalidRequest(),
      status: 400,
      detail,
    })
  }
  if (error instanceof StorageUnavailable) log.warn({ err: error }, 'request failed: storage unavailable')
  if (error instanceof AppError)
    return createProblemResponse({
      code: error.code,
      title: error.messageIn(),
      status: error.status,
      ...error.details,
    })
  if (isDatabaseUnavailable(error)) {
    log.warn({ err: error }, 'request failed: database unavailable')
    const title = messages.databaseUnavailable()
    return createProblemResponse({ code: 'server.database_away', title, status: 503 })
  }
  if (isInvalidValue(error))
    return createProblemResponse({
      code: 'request.invalid',
      title: messages.invalidRequest(),
      status: 400,
      detail: messages.invalidValue(),
    })
  if (isConflict(error)) {
    log.warn({ err: error }, 'request conflicts with another')
    const { code, message: title, status } = conflictError(error)
    return createProblemResponse({ code, title, status })
  }
  log.error({ err: error }, 'request failed')
  return createProblemResponse({
    code: 'server.failed',
    title: messages.serverFailed(),
    status: 500,
  })
}

/** A list of thousands may be wrong in each item. */
const MAX_ISSUES = 20
const RETRY_STATUSES = [429, 503]

function createProblemResponse(problem: {
  code: string
  title: string
  status: number
  detail?: string
  retryAfterSeconds?: unknown
}) {
  const { retryAfterSeconds = RETRY_STATUSES.includes(problem.status) ? 1 : undefined } = problem
  return Response.json(
    { type: 'about:blank', ...problem },
    {
      status: problem.status,
      headers: {
        'content-type': 'application/problem+json',
        ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds as number}` }),
        // The rest of a body that comes too slowly is not read.
        ...(problem.status === 408 ? { connection: 'close' } : {}),
      },
    },
  )
}
