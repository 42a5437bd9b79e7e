import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { openApiDocument } from '@/lib/openapi'
import { writeClientTypes } from '@/scripts/client-types'

const fixture = path.join(import.meta.dirname, 'openapi-contract.ndjson')

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A schema without its prose, and without the patterns that its format implies. */
function stripProse(value: Json, isNameMap = false): Json {
  if (Array.isArray(value)) return value.map((item) => stripProse(item))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(
    ([key]) =>
      isNameMap || !(['description', 'summary'].includes(key) || (key === 'pattern' && 'format' in value)),
  )
  return Object.fromEntries(entries.map(([key, item]) => [key, stripProse(item, key === 'properties')]))
}

/** One line per operation, so that a diff shows which one changed. */
function readContractLines() {
  const { paths, ...rest } = JSON.parse(JSON.stringify(openApiDocument('http://127.0.0.1:3000'))) as {
    paths: Record<string, Record<string, Json>>
  }
  const operations = Object.entries(paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${url}`, operation] as const,
    ),
  )
  return [...operations, ['document', rest] as const].map(([name, value]) =>
    JSON.stringify({ name, value: stripProse(value as Json) }),
  )
}

it('the OpenAPI document differs from the released contract in descriptions only', async () => {
  if (process.env.UPDATE_OPENAPI_CONTRACT) {
    await writeFile(fixture, `${readContractLines().join('\n')}\n`)
    await writeClientTypes()
  }
  const parse = (lines: string[]) => lines.map((line) => JSON.parse(line) as { name: string })
  const released = parse((await readFile(fixture, 'utf8')).trim().split('\n'))
  expect(parse(readContractLines()), 'after an intended change run with UPDATE_OPENAPI_CONTRACT=1').toEqual(
    released,
  )
})
