import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import type { TestUser } from '@/tests/support/accounts'
import { signIn } from '@/tests/support/sign-in'
import { readProblem } from '@/tests/support/read-problem'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
const MB = 1e6
const SIGN_IN_PATH = '/api/auth/sign-in/email'
let web: Web
let ada: TestUser

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
})
afterAll(() => web.stop())

/** Sends up to `bytes` until there is a response. `hasLength` sends a Content-Length. */
async function sendBody(at: string, options: { method?: string; bytes: number; hasLength?: boolean }) {
  const { method = 'POST', bytes, hasLength } = options
  const request = httpRequest(new URL(at, web.url), {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${ada.key}`,
      ...(hasLength ? { 'content-length': bytes } : {}),
    },
  })
  const answered = once(request, 'response')
  let isAnswered = false
  answered.then(
    () => (isAnswered = true),
    () => (isAnswered = true),
  )
  const chunk = Buffer.alloc(64 * 1024, ' ')
  let sent = 0
  while (sent < bytes && !isAnswered) {
    const next = chunk.subarray(0, Math.min(chunk.length, bytes - sent))
    sent += next.length
    if (!request.write(next)) await Promise.race([once(request, 'drain'), answered])
  }
  if (sent === bytes) request.end()
  const [response] = await answered
  const text = (await response.toArray()).join('')
  request.destroy()
  return { status: response.statusCode, type: response.headers['content-type'], text, sent }
}

describe.each([
  ['with a Content-Length', true],
  ['without a Content-Length', false],
])('a body %s', (_, hasLength) => {
  it('is refused while it is being sent if it exceeds the limit', async () => {
    const { text, sent, ...response } = await sendBody(SIGN_IN_PATH, { bytes: 200 * MB, hasLength })
    expect(response).toEqual({ status: 413, type: 'application/problem+json' })
    expect(JSON.parse(text)).toMatchObject({ code: 'request.too_large', status: 413 })
    expect(sent).toBeLessThan(30 * MB)
  })

  it('is read completely up to the limit', async () => {
    const read = await sendBody(SIGN_IN_PATH, { bytes: MB, hasLength })
    expect(read).toMatchObject({ status: 400, sent: MB })
  })
})

it('allows larger caption edits, and leaves caption files to the limit of their route', async () => {
  const id = '00000000-0000-4000-8000-000000000000'
  const cues = `/api/v1/captions/${id}/cues`
  const file = `/api/v1/videos/${id}/captions/files`
  expect(await sendBody(cues, { method: 'PATCH', bytes: 15 * MB })).toMatchObject({ status: 400 })
  expect(await sendBody(cues, { method: 'PATCH', bytes: 17 * MB })).toMatchObject({ status: 413 })
  const { status, text } = await sendBody(file, { bytes: 12 * MB })
  expect([status, text]).toEqual([413, expect.stringContaining('caption.file_too_large')])
})

it('passes a body that arrives in several chunks on unchanged', async () => {
  const chunks = ['{"name":"web', 'hooks of ada","url":', '"https://example.com/', 'h"}']
  const body = Readable.toWeb(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))
  const created = await ada.fetch('/api/v1/webhooks', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duplex: 'half',
  } as unknown as RequestInit)
  expect([created.status, await created.text()]).toEqual([
    201,
    expect.stringContaining('https://example.com/h'),
  ])
})

it('responds to an unknown path with problem+json', async () => {
  expect(await readProblem(await ada.fetch('/api/v1/nothing'))).toMatchObject({
    status: 404,
    code: 'request.no_such_path',
  })
  expect((await ada.fetch('/api/v1/videos/%E0%A4%A')).status).toBe(400)
})

it('responds to an unsupported method with problem+json and the supported methods', async () => {
  const put = (at: string) => ada.fetch(at, { method: 'PUT', body: '{}' })
  const response = await put('/api/v1/tasks')
  expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  expect(await readProblem(response)).toMatchObject({ status: 405, code: 'request.method_not_allowed' })
  // POST bypasses Next.js, which does not list it.
  expect((await put('/api/v1/videos?a=b')).headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST')
  const one = await put('/api/v1/videos/00000000-0000-4000-8000-000000000000')
  expect(one.headers.get('allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH')
})

it('lists in Allow the methods that the route of the path has', async () => {
  const { paths } = (await (await ada.fetch('/api/openapi.json')).json()) as { paths: Record<string, object> }
  for (const [path, operations] of Object.entries(paths)) {
    const unsupported = 'put' in operations ? 'PATCH' : 'PUT'
    const at = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')
    const [documented, implemented] = await Promise.all(
      [unsupported, 'OPTIONS'].map(async (method) => {
        const { headers } = await ada.fetch(at, { method })
        return headers.get('allow')?.split(', ').toSorted()
      }),
    )
    // POST bypasses Next.js, which does not list it.
    const more = path === '/api/v1/videos' ? ['POST'] : []
    expect({ path, documented }).toEqual({ path, documented: [...implemented!, ...more] })
  }
})

it.each(['/videos/none', '/machines/none', '/tasks/none?a=b'])(
  'responds 404 with a page at %s',
  async (at) => {
    const response = await fetch(web.url + at)
    expect([response.status, (await response.text()).includes('Page not found')]).toEqual([404, true])
  },
)

it('responds 404 at an unknown path, with the frame for a signed-in user', async () => {
  const open = async (headers: Record<string, string>) => {
    const response = await fetch(`${web.url}/no/such/page`, { headers })
    const html = await response.text()
    return {
      status: response.status,
      isNotFound: html.includes('Page not found'),
      hasFrame: html.includes('<nav'),
    }
  }
  expect(await open({})).toEqual({ status: 404, isNotFound: true, hasFrame: false })
  const cookie = await signIn({ web, user: ada })
  expect(await open({ cookie })).toEqual({ status: 404, isNotFound: true, hasFrame: true })
})
