import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyDto, KeyWithSecret } from '@/lib/accounts/key-schema'
import { type ApiScope, apiScopes } from '@/lib/accounts/scopes'
import { CONSOLE_NAMESPACE } from '@/lib/machines/console-protocol'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { TestUser } from '@/tests/support/accounts'
import { listApiOperations } from '@/tests/support/api-operations'
import { useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, type Web } from '@/tests/support/web'

const UNKNOWN_ID = '0193a000-0000-7000-8000-00000000dead'
const limitedScopes = apiScopes.filter((scope) => scope !== 'all')

const database = useDatabase()
let web: Web
let admin: TestUser
const keys = {} as Record<ApiScope, string>

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  admin = await web.createUser('admin@example.com', { isAdmin: true })
  for (const scope of apiScopes) keys[scope] = (await createKey({ name: scope, scopes: [scope] })).key
})
afterAll(() => web.stop())

const createKey = (body: object) =>
  admin.fetchJson<KeyWithSecret>('/api/v1/keys', { method: 'POST', body: JSON.stringify(body) })

const fetchWith = (key: string, at: string, init: RequestInit = {}) =>
  fetch(web.url + at, {
    ...init,
    redirect: 'manual',
    headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) },
  })

/** Without reading the rest of a stream. */
async function statusOf(response: Response) {
  await response.body?.cancel()
  return response.status
}

interface ScopedRequest {
  method: string
  at: string
  scope: ApiScope
  headers?: Record<string, string>
}

/** Every operation of the OpenAPI document, with a missing id and an empty body. */
const apiRequests: ScopedRequest[] = listApiOperations()
  .filter(({ isPublic }) => !isPublic)
  .map(({ method, path, scope }) => ({
    method,
    at: path.replaceAll('{port}', '80').replaceAll(/\{\w+\}/g, UNKNOWN_ID),
    scope: scope!,
  }))

const tusHeaders = { 'tus-resumable': '1.0.0' }

/** What the OpenAPI document does not contain. */
const otherRequests: ScopedRequest[] = [
  { method: 'POST', at: '/api/uploads', scope: 'upload', headers: { ...tusHeaders, 'upload-length': '5' } },
  { method: 'HEAD', at: `/api/uploads/${UNKNOWN_ID}`, scope: 'upload', headers: tusHeaders },
  {
    method: 'PATCH',
    at: `/api/uploads/${UNKNOWN_ID}`,
    scope: 'upload',
    headers: { ...tusHeaders, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
  },
  { method: 'GET', at: `/media/videos/${UNKNOWN_ID}/source`, scope: 'read' },
  { method: 'GET', at: `/machines/${UNKNOWN_ID}/ports/80/`, scope: 'machines' },
  { method: 'POST', at: `/machines/${UNKNOWN_ID}/ports/80/`, scope: 'machines' },
  { method: 'GET', at: '/api/metrics', scope: 'admin' },
]

describe('an API key', () => {
  it('is refused with 403 in every operation that needs another scope, and named what it lacks', async () => {
    const requests = [...apiRequests, ...otherRequests]
    expect(new Set(requests.map(({ scope }) => scope))).toEqual(new Set(apiScopes))
    for (const { method, at, scope, headers } of requests)
      for (const other of limitedScopes.filter((one) => one !== scope)) {
        const response = await fetchWith(keys[other], at, { method, headers })
        const outcome = `${method} ${at} with ${other}:`
        expect(`${outcome} ${response.status}`).toBe(`${outcome} 403`)
        if (method === 'HEAD') continue
        const text = await response.text()
        expect(`${outcome} ${text}`).toMatch(
          new RegExp(`key\\.scope_missing.*"scope":"${scope}"|scope “${scope}”`),
        )
      }
  })

  it('is accepted in every operation whose scope it has, and with full access in all', async () => {
    for (const { method, at, scope, headers } of [...apiRequests, ...otherRequests])
      for (const key of [keys[scope], keys.all]) {
        const status = await statusOf(await fetchWith(key, at, { method, headers }))
        expect(`${method} ${at} ${status}`).not.toMatch(/ (401|403|5\d\d)$/)
      }
  })

  it('opens the live socket only to read, and never a console without the scope machines', async () => {
    const connect = (namespace: string, scope: ApiScope) => {
      const extraHeaders = { authorization: `Bearer ${keys[scope]}` }
      const options = { path: SOCKET_PATH, transports: ['websocket'], forceNew: true, extraHeaders }
      const socket = io(web.url + namespace, { ...options, auth: { token: 'unknown' } })
      return new Promise<string>((resolve) => {
        socket.once('connect', () => resolve('connected'))
        socket.once('connect_error', ({ message }) => resolve(message))
      }).finally(() => socket.close())
    }
    expect(await connect('', 'read')).toBe('connected')
    for (const scope of ['upload', 'machines', 'admin'] as const)
      expect(await connect('', scope)).toBe('scope_missing')
    for (const scope of limitedScopes) expect(await connect(CONSOLE_NAMESPACE, scope)).toBe('refused')
  })

  it('sees pages only with the scope read, and those of administrators with admin too', async () => {
    expect(await statusOf(await fetchWith(keys.upload, '/videos'))).toBe(307)
    expect(await statusOf(await fetchWith(keys.read, '/videos'))).toBe(200)
    expect(await (await fetchWith(keys.read, '/admin/audit')).text()).not.toContain('Export as JSON lines')
    expect(await (await fetchWith(keys.all, '/admin/audit')).text()).toContain('Export as JSON lines')
  })

  it('neither creates a key with more rights than its own nor uses the routes of better-auth', async () => {
    for (const scopes of [['all'], ['admin', 'read']]) {
      const body = JSON.stringify({ name: 'more', scopes })
      const response = await fetchWith(keys.admin, '/api/v1/keys', { method: 'POST', body })
      expect(await readProblem(response)).toMatchObject({ status: 403, code: 'key.scope_missing' })
    }
    const cookie = await signIn({ web, user: admin })
    const credentials: Record<string, string>[] = [{ authorization: `Bearer ${keys.all}` }, { cookie }]
    for (const name of ['create', 'delete', 'update', 'list', 'get', 'verify'])
      for (const headers of credentials) {
        const at = `${web.url}/api/auth/api-key/${name}`
        const init = ['list', 'get'].includes(name) ? {} : { method: 'POST', body: '{"name":"more"}' }
        const json = { 'content-type': 'application/json', origin: web.url }
        const response = await fetch(at, { ...init, headers: { ...json, ...headers } })
        expect(response.status).toBe(404)
      }
  })

  it('is refused once it has expired', async () => {
    const { id, key, expiresAt } = await createKey({ name: 'short', scopes: ['read'], expiresInDays: 1 })
    expect(Date.parse(expiresAt!) - Date.now()).toBeGreaterThan(86_000_000)
    expect((await fetchWith(key, '/api/v1/videos')).status).toBe(200)
    await database.db.apikey.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } })
    expect((await fetchWith(key, '/api/v1/videos')).status).toBe(401)
  })

  it('cannot create one that outlives it', async () => {
    const short = await createKey({ name: 'brief', scopes: ['admin'], expiresInDays: 1 })
    const body = JSON.stringify({ name: 'lasting', scopes: ['admin'] })
    const lasting = (await (
      await fetchWith(short.key, '/api/v1/keys', { method: 'POST', body })
    ).json()) as KeyWithSecret
    expect(lasting.expiresAt).toBe(short.expiresAt)
  })

  it('of an earlier version, without scopes, keeps all rights of its user', async () => {
    const key = await web.createKey(admin.email)
    await database.db.apikey.updateMany({ where: { name: 'another' }, data: { permissions: null } })
    for (const at of ['/api/v1/videos', '/api/v1/admin/audit', '/api/v1/keys'])
      expect((await fetchWith(key, at)).status).toBe(200)
  })

  it('is listed with scopes and last use but without the key, for its user alone', async () => {
    const eve = await web.createUser('eve@example.com')
    const { keys: listed } = await admin.fetchJson<{ keys: KeyDto[] }>('/api/v1/keys')
    const reading = listed.find(({ name }) => name === 'read')!
    expect(reading).toMatchObject({ scopes: ['read'], lastUsedAt: expect.any(String) })
    expect(JSON.stringify(listed)).not.toContain(keys.read)
    expect(await eve.fetchJson('/api/v1/keys')).toMatchObject({ keys: [{ name: 'test' }] })
    expect((await eve.fetch(`/api/v1/keys/${reading.id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await admin.fetch(`/api/v1/keys/${reading.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await fetchWith(keys.read, '/api/v1/videos')).status).toBe(401)
  })

  it('is refused beyond 20 per user, also when they are created at once', async () => {
    const zoe = await web.createUser('zoe@example.com')
    const body = JSON.stringify({ name: 'many' })
    const create = async () => (await zoe.fetch('/api/v1/keys', { method: 'POST', body })).status
    const statuses = await Promise.all(Array.from({ length: 25 }, create))
    // One exists already.
    expect(statuses.filter((status) => status === 201)).toHaveLength(19)
    expect(statuses.filter((status) => status === 422)).toHaveLength(6)
    const { id } = await database.db.user.findUniqueOrThrow({ where: { email: zoe.email } })
    expect(await database.db.apikey.count({ where: { referenceId: id } })).toBe(20)
  })
})
