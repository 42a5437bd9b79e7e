import type { JsonSchema } from '@/lib/http/json-schema'

const TEXT_BY_FORMAT: Record<string, string> = {
  uuid: '6f1a2c6e-8f6e-4b7c-9d55-0c8f3a1b2d4e',
  'date-time': '2026-11-30T12:00:00.000Z',
  date: '2026-11-30',
  email: 'ada@example.com',
  uri: 'https://example.com/film.mp4',
}

interface Options {
  /** Only fields that are required or have a default: a body to begin with. All of them if there is none. */
  isBrief: boolean
}

/** A value that a schema describes. */
export function exampleOf(schema: JsonSchema, options: Options): unknown {
  if (schema.default !== undefined) return schema.default
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return exampleOf(choices.find(({ type }) => type !== 'null') ?? {}, options)
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  switch (type) {
    case 'object':
      return exampleOfObject(schema, options)
    case 'array':
      return schema.items ? [exampleOf(schema.items, options)] : []
    case 'string':
      return TEXT_BY_FORMAT[schema.format ?? ''] ?? 'text'
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, Number.MIN_SAFE_INTEGER, 0)
    case 'boolean':
      return true
    default:
      return null
  }
}

function exampleOfObject({ properties = {}, required = [] }: JsonSchema, options: Options) {
  const entries = Object.entries(properties)
  const isFirst = ([key, value]: [string, JsonSchema]) =>
    required.includes(key) || value.default !== undefined
  const brief = entries.filter(isFirst)
  const shown = options.isBrief && brief.length > 0 ? brief : entries
  return Object.fromEntries(shown.map(([key, value]) => [key, exampleOf(value, options)]))
}
