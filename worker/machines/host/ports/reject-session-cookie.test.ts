import { expect, it } from 'vitest'
import { rejectSessionCookie } from './reject-session-cookie'

/** What of `chunks` is let through, and what is answered instead. */
async function say(chunks: string[], { isEnd = true } = {}) {
  let answer: string | undefined
  const guard = rejectSessionCookie((words) => (answer = words))
  let passed = ''
  guard.on('data', (chunk) => (passed += String(chunk)))
  for (const chunk of chunks) guard.write(Buffer.from(chunk, 'latin1'))
  if (isEnd) guard.end()
  await new Promise((resolve) => setImmediate(resolve))
  return { passed, answer }
}

const request = (more: string[], host = '127.0.0.1:4000') =>
  ['GET /deep HTTP/1.1', `Host: ${host}`, ...more, '', 'body'].join('\r\n')
const SIGNED_IN = 'Cookie: theme=dark; better-auth.session_token=abc.def'

it.each([
  ['a request of a program', [request(['Accept: */*'])]],
  ['cookies of others', [request(['Cookie: session=1'])]],
  ['the words in a body', [`${request([])}\r\nCookie: better-auth.x=1`]],
  ['what ends early', ['GET /']],
  ['another protocol', ['SSH-2.0-x\r\n']],
  ['another protocol in capitals', ['PING\r\n']],
  ['bytes', ['\u0016\u0003\u0001\u0000']],
  ['a head without end', [`GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}`]],
])('lets through %s', async (_, chunks) => {
  expect(await say(chunks)).toEqual({ passed: chunks.join(''), answer: undefined })
})

it('holds nothing back that is no request', async () => {
  for (const word of ['hello', 'SSH-', '\u0000', 'PING\r\n'])
    expect((await say([word], { isEnd: false })).passed).toBe(word)
})

it('lets nothing of a request through that shows our cookie, however it comes', async () => {
  for (const chunks of [[request([SIGNED_IN])], request([SIGNED_IN]).split('')]) {
    const { passed, answer } = await say(chunks)
    expect(passed).toBe('')
    expect(answer).toMatch(/^HTTP\/1\.1 403 [^]*connection: close\r\n\r\n<!doctype html>/)
    expect(answer).toContain('<a href="http://localhost:4000/">')
  }
})

it('names the other address only where there is one', async () => {
  expect((await say([request([SIGNED_IN], 'localhost:4000')])).answer).toContain('http://127.0.0.1:4000/')
  expect((await say([request([SIGNED_IN], 'evil"><script>')])).answer).not.toMatch(/href|script/)
})
