import { expect, it } from 'vitest'
import { TypePrinter } from './type-printer'

const print = (schema: object) => new TypePrinter().print(schema)

it.each([
  [{ type: 'integer', minimum: 1 }, 'number'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ enum: ['a', 'b'], type: 'string' }, '"a" | "b"'],
  [{ const: null }, 'null'],
  [{ anyOf: [{ type: 'number' }, { type: 'integer' }, { type: 'null' }] }, 'number | null'],
  [{ anyOf: [{ type: 'string' }, { const: 'none' }, { type: 'null' }] }, 'string | null'],
  [{ anyOf: [{}, { type: 'null' }] }, 'unknown'],
  [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
  [{ type: 'object', additionalProperties: { type: 'boolean' } }, 'Record<string, boolean>'],
  [{}, 'unknown'],
])('prints %j as %s', (schema, type) => {
  expect(print(schema)).toBe(type)
})

it('prints descriptions, which cannot end their comment', () => {
  const schema = {
    type: 'object',
    properties: { 'a-b': { type: 'string', description: 'Ends */ here' }, c: { type: 'number' } },
    required: ['c'],
  }
  expect(print(schema)).toBe('{\n  /** Ends *\\/ here */\n  "a-b"?: string\n  c: number\n}')
})

it('prints a schema that has a name by its name, also with another description', () => {
  const printer = new TypePrinter()
  const task = { type: 'object', properties: { id: { type: 'string' } } }
  printer.name(task, 'Task')
  expect(printer.print({ type: 'array', items: { ...task, description: 'The newest' } })).toBe('Task[]')
})
