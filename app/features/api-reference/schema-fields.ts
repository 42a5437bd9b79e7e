import type { JsonSchema } from '@/lib/http/json-schema'
import * as messages from '@/lib/generated/messages/api-reference'

/** A row of the table that describes a schema. */
export interface SchemaField {
  /** `renditions[].name` */
  name: string
  type: string
  isRequired: boolean
  description: string | null
}

/** Fields of deeper objects are shown as `object`. */
const MAX_DEPTH = 3

/** Lists the fields of an object, and of the objects in it. */
export function listFields(schema: JsonSchema, prefix = '', depth = 0): SchemaField[] {
  const fields = (choicesOf(schema).length > 1 ? choicesOf(schema) : [schema]).flatMap((choice) =>
    Object.entries(choice.properties ?? {}).flatMap(([key, value]) => [
      {
        name: prefix + key,
        type: describeType(value),
        isRequired: choice.required?.includes(key) ?? false,
        description: value.description ?? null,
      },
      ...listInnerFields(value, prefix + key, depth),
    ]),
  )
  // Choices of an object share fields.
  return [...new Map(fields.map((field) => [field.name, field])).values()]
}

function listInnerFields(schema: JsonSchema, name: string, depth: number): SchemaField[] {
  if (depth >= MAX_DEPTH) return []
  const item = choicesOf(schema).find((choice) => choice.items)?.items
  const object = choicesOf(schema).find((choice) => choice.properties)
  if (object) return listFields(object, `${name}.`, depth + 1)
  return item ? listInnerFields(item, `${name}[]`, depth) : []
}

const choicesOf = (schema: JsonSchema) => schema.anyOf ?? schema.oneOf ?? [schema]

/** "string (uuid)", "integer, 1 to 200, default 50", "array of string or null". */
function describeType(schema: JsonSchema): string {
  const initial =
    schema.default === undefined ? [] : [messages.default({ value: JSON.stringify(schema.default) })]
  return [describeValues(schema), ...initial].join(', ')
}

function describeValues(schema: JsonSchema): string {
  const choices = choicesOf(schema)
  if (choices.length > 1) return [...new Set(choices.map(describeType))].join(` ${messages.or()} `)
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(` ${messages.or()} `)
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'any']
  const name = types.map((type) =>
    type === 'array' ? messages.arrayOf({ type: describeType(schema.items ?? {}) }) : type,
  )
  const format = schema.format ? ` (${schema.format})` : ''
  return [name.join(` ${messages.or()} `) + format, ...describeLimits(schema)].join(', ')
}

function describeLimits({ minimum, maximum, minLength, maxLength, minItems, maxItems }: JsonSchema) {
  // Of every integer.
  const isLow = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER
  const isHigh = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
  return [
    ...(!isLow && !isHigh ? [messages.range({ minimum: String(minimum), maximum: String(maximum) })] : []),
    ...(!isLow && isHigh ? [messages.atLeast({ minimum: String(minimum) })] : []),
    ...(isLow && !isHigh ? [messages.atMost({ maximum: String(maximum) })] : []),
    ...describeLength([minLength, maxLength], messages.characterRange, messages.maxCharacters),
    ...describeLength([minItems, maxItems], messages.itemRange, messages.maxItems),
  ]
}

function describeLength(
  [minimum, maximum]: [number | undefined, number | undefined],
  range: (values: { minimum: string; maximum: string }) => string,
  atMost: (values: { maximum: string }) => string,
) {
  if (maximum === undefined) return []
  return minimum
    ? [range({ minimum: String(minimum), maximum: String(maximum) })]
    : [atMost({ maximum: String(maximum) })]
}
