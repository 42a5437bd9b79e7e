import { expect, it } from 'vitest'
import { rejectSessionCookie } from './reject-session-cookie'

/** Writes `chunks` and returns what passes through and the rejection, if any. */
async function filter(chunks: string[], { isEnd = true } = {}) {
  let rejection: string | undefined
  const guard = rejectSessionCookie((response) => (rejection = response))
  let passed = ''
  guard.on('data', (chunk) => (passed += String(chunk)))
  for (const chunk of chunks) guard.write(Buffer.from(chunk, 'latin1'))
  if (isEnd) guard.end()
  await new Promise((resolve) => setImmediate(resolve))
  return { passed, rejection }
}

const request = (more: string[], host = '127.0.0.1:4000') =>
  ['GET /deep HTTP/1.1', `Host: ${host}`, ...more, '', 'body'].join('\r\n')
const SIGNED_IN = 'Cookie: theme=dark; better-auth.session_token=abc.def'

it.each([
  ['a request without cookies', [request(['Accept: */*'])]],
  ['cookies of other apps', [request(['Cookie: session=1'])]],
  ['a cookie-like line in a body', [`${request([])}\r\nCookie: better-auth.x=1`]],
  ['a truncated request', ['GET /']],
  ['another protocol', ['SSH-2.0-x\r\n']],
  ['another protocol in upper case', ['PING\r\n']],
  ['binary data', ['\u0016\u0003\u0001\u0000']],
  ['an endless head', [`GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}`]],
])('passes through %s', async (_, chunks) => {
  expect(await filter(chunks)).toEqual({ passed: chunks.join(''), rejection: undefined })
})

it('does not delay data that is not an HTTP request', async () => {
  for (const word of ['hello', 'SSH-', '\u0000', 'PING\r\n'])
    expect((await filter([word], { isEnd: false })).passed).toBe(word)
})

it('rejects a request with the session cookie, also in single bytes', async () => {
  for (const chunks of [[request([SIGNED_IN])], request([SIGNED_IN]).split('')]) {
    const { passed, rejection } = await filter(chunks)
    expect(passed).toBe('')
    expect(rejection).toMatch(/^HTTP\/1\.1 403 [^]*connection: close\r\n\r\n<!doctype html>/)
    expect(rejection).toContain('<a href="http://localhost:4000/">')
  }
})

it('links the other loopback address only for loopback hosts', async () => {
  expect((await filter([request([SIGNED_IN], 'localhost:4000')])).rejection).toContain(
    'http://127.0.0.1:4000/',
  )
  expect((await filter([request([SIGNED_IN], 'evil"><script>')])).rejection).not.toMatch(/href|script/)
})

it.each([
  ['Accept-Language: de', 'de', 'Schutz'],
  ['Accept-Language: en', 'en', 'protect'],
])('explains it in the language of the browser: %s', async (header, locale, word) => {
  const { rejection } = await filter([request([SIGNED_IN, header])])
  expect(rejection).toContain(`lang="${locale}"`)
  expect(rejection).toContain(word)
})

it('explains it in the chosen language', async () => {
  const { rejection } = await filter([request([`${SIGNED_IN}; locale=de`, 'Accept-Language: en'])])
  expect(rejection).toContain('lang="de"')
})
