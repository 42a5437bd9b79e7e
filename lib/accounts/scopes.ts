import * as messages from '@/lib/generated/messages/account-errors'
import { AppError } from '../errors'

/** What an API key may be used for. Names never change once released. */
export const apiScopes = ['read', 'upload', 'machines', 'admin', 'all'] as const

export type ApiScope = (typeof apiScopes)[number]

/** The scope of an operation that declares none: `read` to read, `all` to change something. */
export const defaultScope = (method: string): ApiScope =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? 'read' : 'all'

/** Sessions, and keys without restriction, have the scope `all`. */
export const hasScope = ({ scopes }: { scopes: readonly ApiScope[] }, scope: ApiScope) =>
  scopes.includes('all') || scopes.includes(scope)

/** @throws {AppError} key.scope_missing */
export function requireScope(user: { scopes: readonly ApiScope[] }, scope: ApiScope) {
  if (hasScope(user, scope)) return
  throw new AppError({
    code: 'key.scope_missing',
    message: messages.scopeMissing({ scope }),
    status: 403,
    details: { scope },
  })
}

/** Scopes as the `permissions` column of a key; null for `all`, as in keys of earlier versions. */
export const formatPermissions = (scopes: readonly ApiScope[]) =>
  scopes.includes('all') ? null : JSON.stringify({ api: scopes })

/** The scopes in the `permissions` column of a key. Unknown ones grant nothing. */
export function parsePermissions(permissions: string | null): ApiScope[] {
  if (permissions === null) return ['all']
  const { api = [] } = JSON.parse(permissions) as { api?: string[] }
  return apiScopes.filter((scope) => api.includes(scope))
}
