import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi'
import { type ApiScope, defaultScope } from '../accounts/scopes'

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/**
 * Adds `x-scope`, the scope that an API key needs, to every operation that declares none and is not public. Operations
 * that change something need `changeScope`.
 */
export function documentScopes(
  paths: ZodOpenApiPathsObject,
  changeScope: ApiScope = 'all',
): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      const operations = METHODS.flatMap((method) => {
        const operation = item[method]
        if (!operation || operation.security?.length === 0) return []
        const scope = path.startsWith('/api/v1/admin/')
          ? 'admin'
          : defaultScope(method.toUpperCase()) === 'read'
            ? 'read'
            : changeScope
        return [[method, { 'x-scope': scope, ...operation } satisfies ZodOpenApiOperationObject] as const]
      })
      return [path, { ...item, ...Object.fromEntries(operations) }]
    }),
  )
}
