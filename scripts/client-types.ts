import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openApiDocument } from '@/lib/openapi'
import type { JsonSchema } from '@/lib/http/json-schema'
import { TypePrinter } from './type-printer'

// `npm run client:types`: writes the types of the client from the OpenAPI document (decision 0102).

const file = path.join(import.meta.dirname, '../client/operations.ts')

interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  schema: JsonSchema
}
type Content = Record<string, { schema: JsonSchema }>
interface Operation {
  summary?: string
  'x-scope'?: string
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}
type Operations = Map<string, Operation>

/** Where each named type is first described: an operation, and the path to the schema in its response. */
const NAMED_TYPES: [name: string, operation: string, path: string[]][] = [
  ['Problem', 'GET /api/v1/videos/{id}', ['default']],
  ['Task', 'GET /api/v1/tasks/{id}', []],
  ['Rendition', 'GET /api/v1/videos/{id}', ['properties', 'renditions', 'items']],
  ['Caption', 'GET /api/v1/captions/{id}', []],
  ['Video', 'GET /api/v1/videos', ['properties', 'videos', 'items']],
  ['VideoDetails', 'GET /api/v1/videos/{id}', []],
  ['Machine', 'GET /api/v1/machines/{id}', []],
]

/** The source code of client/operations.ts. */
export function printClientTypes() {
  const operations = readOperations()
  const printer = new TypePrinter()
  const types = NAMED_TYPES.map(([name, operation, steps]) => {
    const schema = findSchema(operations.get(operation), steps)
    const type = printer.print(schema)
    printer.name(schema, name)
    return `export type ${name} = ${type}\n`
  })
  const entries = [...operations].map(([name, operation]) => printOperation(printer, name, operation))
  return [
    '// Written by `npm run client:types` from the OpenAPI document. Do not edit.\n',
    ...types,
    '/** What each operation of the API takes and returns. `response` is a `Response` where it is no JSON. */',
    `export interface Operations {\n${entries.join('\n')}\n}\n`,
  ].join('\n')
}

function readOperations(): Operations {
  const document = JSON.parse(JSON.stringify(openApiDocument('http://localhost'))) as {
    paths: Record<string, Record<string, Operation>>
  }
  return new Map(
    Object.entries(document.paths).flatMap(([at, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${at}`, operation] as const,
      ),
    ),
  )
}

/** @throws {Error} if the document has no such schema */
function findSchema(operation: Operation | undefined, steps: string[]) {
  const isProblem = steps[0] === 'default'
  const content = isProblem ? operation?.responses.default?.content : findSuccess(operation)?.content
  let schema = Object.values(content ?? {})[0]?.schema
  for (const step of isProblem ? [] : steps)
    schema = (schema as Record<string, JsonSchema> | undefined)?.[step]
  if (!schema) throw new Error(`no schema at ${steps.join('.')}`)
  return schema
}

const findSuccess = (operation: Operation | undefined) =>
  Object.entries(operation?.responses ?? {}).find(([status]) => status.startsWith('2'))?.[1]

function printOperation(printer: TypePrinter, name: string, operation: Operation) {
  const fields = [
    ...printParameters(printer, 'params', operation, 'path'),
    ...printParameters(printer, 'query', operation, 'query'),
    ...printParameters(printer, 'headers', operation, 'header'),
    ...printBody(printer, operation),
    `response: ${printResponse(printer, operation)}`,
  ]
  const scope = operation['x-scope'] ? ` Scope: ${operation['x-scope']}.` : ' Public.'
  const lines = fields.flatMap((field) => field.split('\n')).map((line) => `    ${line}`)
  return `  /** ${operation.summary}.${scope} */\n  ${JSON.stringify(name)}: {\n${lines.join('\n')}\n  }`
}

function printParameters(
  printer: TypePrinter,
  field: string,
  operation: Operation,
  place: Parameter['in'],
): string[] {
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === place)
  if (parameters.length === 0) return []
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name)
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]))
  const type = printer.print({ type: 'object', properties, required })
  return [`${field}${required.length > 0 ? '' : '?'}: ${type}`]
}

function printBody(printer: TypePrinter, { requestBody }: Operation) {
  if (!requestBody) return []
  const json = requestBody.content['application/json']
  return [`body: ${json ? printer.print(json.schema) : 'Blob | string'}`]
}

function printResponse(printer: TypePrinter, operation: Operation) {
  const { content = {} } = findSuccess(operation) ?? {}
  const json = content['application/json']
  if (json) return printer.print(json.schema)
  return Object.keys(content).length > 0 ? 'Response' : 'undefined'
}

/** Whether client/operations.ts is what `printClientTypes` returns. */
export const isClientUpToDate = async () => (await readFile(file, 'utf8')) === printClientTypes()

export const writeClientTypes = () => writeFile(file, printClientTypes())

if (import.meta.main) await writeClientTypes()
