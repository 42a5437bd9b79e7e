import type { ApiScope } from '@/lib/accounts/scopes'
import { openApiDocument } from '@/lib/openapi'

interface OpenApiOperation {
  security?: unknown[]
  'x-scope'?: ApiScope
  parameters?: { in: string; name: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
}

/** An operation of the OpenAPI document. */
export interface ApiOperation {
  /** Such as `GET /api/v1/videos/{id}`. */
  name: string
  method: string
  path: string
  isPublic: boolean
  isAdmin: boolean
  /** What an API key needs; undefined for a public operation. */
  scope: ApiScope | undefined
  queryNames: string[]
  contentType: string | undefined
}

const METHOD_ORDER = ['GET', 'PATCH', 'PUT', 'POST', 'DELETE']

/** Lists every operation of the OpenAPI document, so that one user can perform all: reads first, then parts before wholes. */
export function listApiOperations(): ApiOperation[] {
  const { paths } = JSON.parse(JSON.stringify(openApiDocument('http://127.0.0.1:3000'))) as {
    paths: Record<string, Record<string, OpenApiOperation>>
  }
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      isPublic: operation.security?.length === 0,
      isAdmin: path.startsWith('/api/v1/admin/'),
      scope: operation['x-scope'],
      queryNames: (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name),
      contentType: Object.keys(operation.requestBody?.content ?? {})[0],
    })),
  )
  const depth = ({ path }: ApiOperation) => path.split('/').length
  return operations.sort(
    (a, b) =>
      METHOD_ORDER.indexOf(a.method) - METHOD_ORDER.indexOf(b.method) ||
      depth(b) - depth(a) ||
      a.path.localeCompare(b.path),
  )
}

/** A valid request for an operation: its path parameters, required query and body. */
export interface ApiExample {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
}

/** The URL of an operation. @throws {Error} if the example lacks a path parameter */
export function buildUrl({ name, path }: ApiOperation, { params = {}, query = {} }: ApiExample) {
  const at = path.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    if (params[key] === undefined) throw new Error(`${name}: the example has no parameter ${key}`)
    return encodeURIComponent(params[key])
  })
  return Object.keys(query).length > 0 ? `${at}?${new URLSearchParams(query)}` : at
}

/** The `fetch` options of an operation. A body of bytes or text is sent unchanged, any other as JSON. */
export function buildRequest({ method, contentType }: ApiOperation, { body }: ApiExample): RequestInit {
  if (contentType === undefined) return { method }
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const headers = { 'content-type': contentType }
  return { method, headers, body: isRaw ? (body as BodyInit) : JSON.stringify(body) }
}
