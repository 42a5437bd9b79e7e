import { config } from '@/lib/config/config'
import { openApiDocument } from '@/lib/openapi'

let routes: { pattern: RegExp; methods: string[] }[] | undefined

/** The methods that the OpenAPI document lists for a path, sorted by name. Empty for a path that it does not contain. */
export function allowedMethods(path: string): string[] {
  routes ??= Object.entries(openApiDocument(config().publicUrl).paths ?? {}).map(
    ([template, operations]) => ({
      pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
      methods: addImpliedMethods(Object.keys(operations).map((method) => method.toUpperCase())),
    }),
  )
  return routes.find(({ pattern }) => pattern.test(path))?.methods ?? []
}

const addImpliedMethods = (methods: string[]) =>
  [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted()
