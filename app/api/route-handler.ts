import { z } from 'zod'
import { type AuthenticatedUser, requireAuthentication } from '@/lib/accounts/authenticate'
import { isDatabaseUnavailable } from '@/lib/database/database-unavailable'
import { AppError, notFound } from '@/lib/errors'
import { log } from '@/lib/log'

interface RouteContext {
  params: Promise<Record<string, string | string[]>>
}
interface AuthenticatedRequest {
  user: AuthenticatedUser
  request: Request
  params: Record<string, string | string[]>
}

/** A route for people and scripts who are signed in. What is thrown becomes problem+json (RFC 9457). */
export function withUser(answer: (asked: AuthenticatedRequest) => Promise<Response>) {
  return (request: Request, context: RouteContext) =>
    withProblemDetails(async () =>
      answer({ user: await requireAuthentication(request.headers), request, params: await context.params }),
    )
}

export async function withProblemDetails(answer: () => Promise<Response>) {
  try {
    return await answer()
  } catch (error) {
    return toProblemResponse(error)
  }
}

/** What an error becomes for whoever asked. What nobody foresaw is logged, and not told. */
export function toProblemResponse(error: unknown) {
  if (error instanceof z.ZodError) {
    const detail = error.issues
      .map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`)
      .join('; ')
    return createProblemResponse({
      code: 'request.invalid',
      title: 'The request is not understood.',
      status: 400,
      detail,
    })
  }
  if (error instanceof AppError)
    return createProblemResponse({
      code: error.code,
      title: error.message,
      status: error.status,
      ...error.details,
    })
  if (isDatabaseUnavailable(error)) {
    log.warn({ err: error }, 'the database was away for a request')
    const title = 'The database does not answer. Try again in a moment.'
    return createProblemResponse({ code: 'server.database_away', title, status: 503 })
  }
  log.error({ err: error }, 'request failed')
  return createProblemResponse({
    code: 'server.failed',
    title: 'Something went wrong on the server.',
    status: 500,
  })
}

function createProblemResponse(body: { code: string; title: string; status: number; detail?: string }) {
  return Response.json(
    { type: 'about:blank', ...body },
    {
      status: body.status,
      headers: {
        'content-type': 'application/problem+json',
        ...(body.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
        ...(body.code === 'server.database_away' ? { 'retry-after': '1' } : {}),
      },
    },
  )
}

/** Ids are UUIDs: anything else is as absent as a missing row. */
export function parseId(params: AuthenticatedRequest['params'], what: string) {
  const id = z.uuid().safeParse(params.id)
  if (id.success) return id.data
  throw notFound(what)
}

/** For what is not there, and for what is not there for whoever asks. */
export const pathNotFound = () =>
  new AppError({ code: 'request.no_such_path', message: 'There is nothing at this path.', status: 404 })

export const parseQuery = <T extends z.ZodType>(request: Request, schema: T): z.infer<T> =>
  schema.parse(Object.fromEntries(new URL(request.url).searchParams))

/** The JSON that came with the request; none is as wrong as another one. */
export const parseBody = async <T extends z.ZodType>(request: Request, schema: T): Promise<z.infer<T>> =>
  schema.parse(await request.json().catch(() => null))
