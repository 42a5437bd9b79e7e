import { z } from 'zod'
import { type Identity, requireIdentity } from '@/lib/accounts/identity'
import { isDatabaseAway } from '@/lib/database-away'
import { AppError, notFound } from '@/lib/errors'
import { log } from '@/lib/log'

interface RouteContext {
  params: Promise<Record<string, string | string[]>>
}
interface Asked {
  identity: Identity
  request: Request
  params: Record<string, string | string[]>
}

/** A route for people and scripts who are signed in. What is thrown becomes problem+json (RFC 9457). */
export function signedIn(answer: (asked: Asked) => Promise<Response>) {
  return (request: Request, context: RouteContext) =>
    withProblems(async () =>
      answer({ identity: await requireIdentity(request.headers), request, params: await context.params }),
    )
}

export async function withProblems(answer: () => Promise<Response>) {
  try {
    return await answer()
  } catch (error) {
    return problem(error)
  }
}

/** What an error becomes for whoever asked. What nobody foresaw is logged, and not told. */
export function problem(error: unknown) {
  if (error instanceof z.ZodError) {
    const detail = error.issues
      .map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`)
      .join('; ')
    return problemResponse({
      code: 'request.invalid',
      title: 'The request is not understood.',
      status: 400,
      detail,
    })
  }
  if (error instanceof AppError)
    return problemResponse({ code: error.code, title: error.message, status: error.status, ...error.details })
  if (isDatabaseAway(error)) {
    log.warn({ err: error }, 'the database was away for a request')
    const title = 'The database does not answer. Try again in a moment.'
    return problemResponse({ code: 'server.database_away', title, status: 503 })
  }
  log.error({ err: error }, 'request failed')
  return problemResponse({ code: 'server.failed', title: 'Something went wrong on the server.', status: 500 })
}

function problemResponse(body: { code: string; title: string; status: number; detail?: string }) {
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
export function idOf(params: Asked['params'], what: string) {
  const id = z.uuid().safeParse(params.id)
  if (id.success) return id.data
  throw notFound(what)
}

/** For what is not there, and for what is not there for whoever asks. */
export const noSuchPath = () =>
  new AppError({ code: 'request.no_such_path', message: 'There is nothing at this path.', status: 404 })

export const queryOf = <T extends z.ZodType>(request: Request, schema: T): z.infer<T> =>
  schema.parse(Object.fromEntries(new URL(request.url).searchParams))

/** The JSON that came with the request; none is as wrong as another one. */
export const bodyOf = async <T extends z.ZodType>(request: Request, schema: T): Promise<z.infer<T>> =>
  schema.parse(await request.json().catch(() => null))
