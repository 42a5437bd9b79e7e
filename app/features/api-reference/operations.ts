import { openApiDocument } from '@/lib/openapi'
import type { JsonSchema } from '@/lib/http/json-schema'
import { groupOf } from './groups'
import { exampleOf } from './schema-example'
import { listFields, type SchemaField } from './schema-fields'

/** An operation in the index of the reference. */
export interface OperationSummary {
  /** In the URL of its page: `get-videos-id`. */
  slug: string
  method: string
  path: string
  summary: string
  group: string
}

export interface OperationParameter {
  in: 'path' | 'query' | 'header'
  name: string
  isRequired: boolean
  field: SchemaField
  /** The values that it can have, if they are few. */
  choices: string[]
}

/** An operation with everything that its page shows. */
export interface Operation extends OperationSummary {
  /** What an API key needs; null for a public operation. */
  scope: string | null
  parameters: OperationParameter[]
  /** The JSON body; null if there is none, or if it is a file. */
  body: { fields: SchemaField[]; example: unknown } | null
  takesFile: boolean
  response: {
    status: string
    description: string
    type: string | null
    fields: SchemaField[]
    example: unknown
  }
}

interface DocumentParameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  schema: JsonSchema
}
type Content = Record<string, { schema: JsonSchema }>
interface DocumentOperation {
  summary?: string
  'x-scope'?: string
  parameters?: DocumentParameter[]
  requestBody?: { content: Content }
  responses: Record<string, { description: string; content?: Content }>
}

let operations: { summary: Omit<OperationSummary, 'group'>; operation: DocumentOperation }[] | undefined

/** All operations of the OpenAPI document, in its order. They never change while the process runs. */
const readOperations = () => (operations ??= createOperations())

function createOperations() {
  // The server URL is not shown here.
  const { paths } = JSON.parse(JSON.stringify(openApiDocument('http://localhost'))) as {
    paths: Record<string, Record<string, DocumentOperation>>
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      summary: {
        slug: toSlug(method, path),
        method: method.toUpperCase(),
        path,
        summary: operation.summary ?? '',
      },
      operation,
    })),
  )
}

const toSlug = (method: string, path: string) =>
  `${method}${path.replace(/^\/api(\/v1)?/, '')}`
    .replaceAll(/[^a-zA-Z0-9]+/g, '-')
    .replace(/-$/, '')
    .toLowerCase()

export const listOperations = () => readOperations().map(({ summary }) => withGroup(summary))

/** The name of the group depends on the locale. */
const withGroup = (summary: Omit<OperationSummary, 'group'>): OperationSummary => ({
  ...summary,
  group: groupOf(summary.path),
})

/** The operation whose page has this slug, or null. */
export function findOperation(slug: string): Operation | null {
  const found = readOperations().find(({ summary }) => summary.slug === slug)
  if (!found) return null
  const { summary, operation } = found
  const { requestBody } = operation
  const json = requestBody?.content['application/json']?.schema
  return {
    ...withGroup(summary),
    scope: operation['x-scope'] ?? null,
    parameters: (operation.parameters ?? []).map(toParameter),
    body: json ? { fields: listFields(json), example: exampleOf(json, { isBrief: true }) } : null,
    takesFile: requestBody !== undefined && !json,
    response: toResponse(operation),
  }
}

function toParameter({ in: place, name, required = false, schema }: DocumentParameter): OperationParameter {
  const [field] = listFields({
    type: 'object',
    properties: { [name]: schema },
    required: required ? [name] : [],
  })
  const isBoolean = schema.type === 'boolean'
  const choices = isBoolean ? ['true', 'false'] : (schema.enum ?? []).map(String)
  return { in: place, name, isRequired: required, field: field!, choices }
}

function toResponse({ responses }: DocumentOperation) {
  const [status, { description, content = {} }] =
    Object.entries(responses).find(([code]) => code.startsWith('2')) ?? Object.entries(responses)[0]!
  const [type, media] = Object.entries(content)[0] ?? [null, undefined]
  const json = type === 'application/json' ? media?.schema : undefined
  return {
    status,
    description,
    type,
    fields: json ? listFields(json) : [],
    example: json ? exampleOf(json, { isBrief: false }) : null,
  }
}
