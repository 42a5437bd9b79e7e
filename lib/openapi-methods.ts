import { config } from './config'
import { openApiDocument } from './openapi'

let known: { pattern: RegExp; methods: string[] }[] | undefined

/** What may be asked of a path by the contract with the outside, in the order of the alphabet. None, for one that is not in it. */
export function methodsAt(path: string): string[] {
  known ??= Object.entries(openApiDocument(config().publicUrl).paths ?? {}).map(([template, operations]) => ({
    pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
    methods: withImplied(Object.keys(operations).map((method) => method.toUpperCase())),
  }))
  return known.find(({ pattern }) => pattern.test(path))?.methods ?? []
}

const withImplied = (methods: string[]) =>
  [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted()
