import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../openapi'
import { quoteForShell, toCurlCommand } from './curl-command'

const ORIGIN = 'https://meanwhile.example'

/** The arguments that a shell gives to curl. */
function readArguments(command: string, shell = 'sh') {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`
  const output = execFileSync(shell, ['-c', script], {
    env: { PATH: process.env.PATH!, MEANWHILE_API_KEY: 'key' } as never,
  })
  return output.toString().split('\0').slice(0, -1)
}

const HOSTILE = [
  `it's "quoted"`,
  '$(touch owned) `id` ${HOME} $HOME',
  'line\nbreak\r\ttab; rm -rf / & echo | cat > x',
  `'; exit 1; '`,
  '!history ~ * ? [a-z] {1..9} \\ # %',
  '@/etc/passwd',
  'ü€😀\u202e\u0007\u001b]0;title\u0007',
]

describe.each(['sh', 'bash'])('for %s', (shell) => {
  it.each(HOSTILE)('%j arrives in the body as it was', (text) => {
    const command = toCurlCommand(
      { url: '/api/v1/machines', method: 'POST', body: { userData: text } },
      ORIGIN,
    )
    const args = readArguments(command, shell)
    expect(JSON.parse(args[args.indexOf('--data-raw') + 1]!)).toEqual({ userData: text })
    expect(args).toContain('Authorization: Bearer key')
  })

  it.each(HOSTILE)('%j stays one word', (text) => {
    const [word] = readArguments(`curl ${quoteForShell(text)}`, shell)
    expect(word).toBe(text)
  })
})

it('quotes any text', () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 50 })
    .filter((value) => !value.includes('\0') && value.isWellFormed())
  fc.assert(
    fc.property(fc.array(text, { minLength: 50, maxLength: 50 }), (words) => {
      expect(readArguments(`curl ${words.map(quoteForShell).join(' ')}`)).toEqual(words)
    }),
    { numRuns: 3 },
  )
})

it('has no characters on which a terminal acts', () => {
  const command = toCurlCommand(
    { url: '/api/v1/tags', method: 'POST', body: { text: HOSTILE.join('') } },
    ORIGIN,
  )
  expect(command.replaceAll(' \\\n  ', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
})

it('sends a file as the body, with an absolute URL', () => {
  expect(toCurlCommand({ url: '/api/v1/videos?filename=a.mp4', method: 'POST', file: 'a.mp4' }, ORIGIN)).toBe(
    `curl --fail-with-body --globoff -X POST 'https://meanwhile.example/api/v1/videos?filename=a.mp4' \\
  -H "Authorization: Bearer $MEANWHILE_API_KEY" \\
  -T 'a.mp4'`,
  )
})

it('keeps secrets out of the history of the shell', () => {
  const body = {
    url: 's3://a/b',
    s3: { secretAccessKey: 'secret-1', sessionToken: 'secret-4' },
    identity: 'secret-5',
    passphrase: 'secret-2',
    password: 'secret-3',
  }
  const command = toCurlCommand({ url: '/api/v1/imports', method: 'POST', body }, ORIGIN)
  expect(command).not.toContain('secret-')
  expect(command).toContain('"secretAccessKey":"YOUR_SECRET_ACCESS_KEY"')
})

it('knows all secret fields of the API', () => {
  const document = openApiDocument(ORIGIN) as unknown as {
    paths: Record<string, Record<string, { requestBody?: object }>>
  }
  const bodies = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ requestBody }) => JSON.stringify(requestBody ?? {})),
  )
  const names = bodies.flatMap((body) => [...body.matchAll(/"(\w+)":\{/g)].map(([, name]) => name!))
  const secret = names.filter((name) => /pass(word|phrase)|secret|token|identity|private|apiKey/i.test(name))
  expect(secret.length).toBeGreaterThan(0)
  const body = Object.fromEntries(secret.map((name) => [name, `value of ${name}`]))
  expect(toCurlCommand({ url: '/', method: 'POST', body }, ORIGIN)).not.toContain('value of')
})

it('sends the headers of the request too', () => {
  const headers = { 'idempotency-key': `it's $HOME` }
  const args = readArguments(toCurlCommand({ url: '/api/v1/imports', method: 'POST', headers }, ORIGIN))
  expect(args).toContain(`idempotency-key: it's $HOME`)
})
