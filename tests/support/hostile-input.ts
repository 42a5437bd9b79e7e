const LONE_SURROGATE = '%ED%A0%80'
const MEGABYTE = 1_000_000

/** Path segments that are not ids, as sent. */
export const hostilePathParts = [
  '%00',
  LONE_SURROGATE,
  '%',
  '%ZZ',
  'x'.repeat(5_000),
  '..%2f..%2fetc%2fpasswd',
  '..%5c..%5cboot.ini',
  '-1',
  '9'.repeat(40),
  '1e309',
  'NaN',
  '%27%3B%20DROP%20TABLE%20task%3B--',
  '%7B%7D',
  '__proto__',
  'constructor',
  '00000000-0000-0000-0000-00000000000g',
  '00000000-0000-4000-8000-000000000000%0d%0aSet-Cookie:%20a=b',
  '%F0%9F%98%80',
  '%E2%80%AE',
]

/** Query strings with hostile values of a parameter, as sent. */
export const hostileQueries = (name: string) => [
  ...hostilePathParts.map((part) => `${name}=${part}`),
  `${name}=`,
  name,
  `${name}[]=1`,
  `${name}[a]=1`,
  `${name}=1&${name}=2`,
  `${name}=9007199254740993`,
  `${name}=2026-13-45`,
]

/** JSON texts, also such as `JSON.stringify` would not write. */
const hostileValues = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e308',
  '1e999',
  '-0',
  '9007199254740993',
  '"9"',
  '""',
  '" "',
  String.raw`"\u0000"`,
  String.raw`"\ud800"`,
  String.raw`"\u202e\r\n"`,
  '[]',
  '[null]',
  '[[]]',
  '{}',
  '{"__proto__":{"isAdmin":true}}',
  '{"$gt":""}',
  `"${'x'.repeat(100_000)}"`,
]

const hugeValue = `"${'x'.repeat(MEGABYTE)}"`
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

interface HostileBody {
  body: string
  headers?: Record<string, string>
}

/** Bodies that are no JSON, JSON of other types, and `example` with each of its properties replaced or missing. */
export function* listHostileBodies(example: unknown): Generator<HostileBody> {
  for (const body of [
    '',
    '{',
    '{"a":',
    '\0',
    '\ufeff{}',
    "{'a':1}",
    hugeValue,
    nested(100_000),
    nested(1_000),
  ])
    yield { body }
  for (const body of hostileValues) yield { body }
  for (const type of [
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'x',
    '',
  ])
    yield { body: '{}', headers: { 'content-type': type } }
  yield { body: '{}', headers: { 'content-encoding': 'gzip' } }
  if (typeof example !== 'object' || example === null || example instanceof Uint8Array) return
  yield* replaceProperties(example, (text) => text)
  yield { body: JSON.stringify({ ...example, unknown: 'x'.repeat(10_000) }) }
}

function* replaceProperties(value: object, wrap: (text: string) => string): Generator<HostileBody> {
  const entries = Object.entries(value) as [string, unknown][]
  for (const [index, [key, property]] of entries.entries()) {
    const wrapProperty = (text: string | undefined) => {
      const parts = entries.map(([name, other], at) => {
        const replaced = at === index ? text : JSON.stringify(other)
        return replaced === undefined
          ? []
          : [Array.isArray(value) ? replaced : `${JSON.stringify(name)}:${replaced}`]
      })
      const list = parts.flat().join(',')
      return wrap(Array.isArray(value) ? `[${list}]` : `{${list}}`)
    }
    for (const text of [...hostileValues, nested(1_000), undefined]) yield { body: wrapProperty(text) }
    yield { body: wrapProperty(hugeValue) }
    if (typeof property === 'object' && property !== null)
      yield* replaceProperties(property, (text) => wrapProperty(text))
    if (key === '__proto__') return
  }
}
