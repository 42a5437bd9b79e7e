/**
 * The path of an operation such as `/api/v1/videos/{id}`, with its parameters as one segment each.
 * @throws {TypeError} if one is missing, or would lead to another path
 */
export function buildPath(template: string, params: object, query: object = {}) {
  const values = new Map(Object.entries(params).map(([key, value]) => [key, String(value)]))
  const path = template.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = values.get(key) ?? ''
    if (['', '.', '..'].includes(value)) throw new TypeError(`${template} needs ${key}`)
    return encodeURIComponent(value)
  })
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const search = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString()
  return search ? `${path}?${search}` : path
}
