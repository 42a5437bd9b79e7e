import type { JsonSchema } from '@/lib/http/json-schema'

/** Prints JSON schemas as TypeScript types. */
export class TypePrinter {
  private readonly names = new Map<string, string>()

  /** From here on, prints schemas equal to this one by their name. */
  name(schema: JsonSchema, name: string) {
    this.names.set(identify(schema), name)
  }

  print(schema: JsonSchema): string {
    const name = this.names.get(identify(schema))
    if (name) return name
    if ('const' in schema) return JSON.stringify(schema.const)
    if (schema.enum) return join(schema.enum.map((value) => JSON.stringify(value)))
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return join(choices.map((choice) => this.print(choice)))
    if (Array.isArray(schema.type)) return join(schema.type.map((type) => this.print({ ...schema, type })))
    return this.printSimple(schema)
  }

  private printSimple(schema: JsonSchema) {
    switch (schema.type) {
      case 'string':
      case 'boolean':
      case 'null':
        return schema.type
      case 'number':
      case 'integer':
        return 'number'
      case 'array': {
        const item = this.print(schema.items ?? {})
        return /^[\w.]+$/.test(item) ? `${item}[]` : `(${item})[]`
      }
      case 'object':
        return this.printObject(schema)
      default:
        return 'unknown'
    }
  }

  private printObject({ properties, required = [], additionalProperties }: JsonSchema) {
    if (!properties) {
      const value = typeof additionalProperties === 'object' ? this.print(additionalProperties) : 'unknown'
      return `Record<string, ${value}>`
    }
    const lines = Object.entries(properties).flatMap(([key, value]) => [
      ...(value.description ? [`/** ${value.description.replaceAll('*/', '*\\/')} */`] : []),
      ...`${quoteKey(key)}${required.includes(key) ? '' : '?'}: ${this.print(value)}`.split('\n'),
    ])
    return `{\n${lines.map((line) => `  ${line}`).join('\n')}\n}`
  }
}

/** Equal for schemas that differ in their own description only. */
const identify = ({ description: _, ...schema }: JsonSchema) => JSON.stringify(schema)

function join(types: string[]) {
  if (types.includes('unknown')) return 'unknown'
  const hasText = types.includes('string')
  return [...new Set(types)].filter((type) => !(hasText && type.startsWith('"'))).join(' | ')
}

const quoteKey = (key: string) => (/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key))
