// Over 200 lines because it covers every entrance of the app with one set of resources.

import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONSOLE_NAMESPACE } from '@/lib/machines/console-protocol'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { Snapshot } from '@/lib/realtime/schema'
import type { TestUser } from '@/tests/support/accounts'
import { findExample, isSessionOnly } from '@/tests/support/api-examples'
import { type ApiOperation, buildRequest, buildUrl, listApiOperations } from '@/tests/support/api-operations'
import { type ApiResources, listSecrets, startWithApiResources } from '@/tests/support/api-resources'
import { useDatabase } from '@/tests/support/database'
import { openEventStream } from '@/tests/support/event-stream'
import { listAuthEndpoints } from '@/tests/support/auth-endpoints'
import { signIn } from '@/tests/support/sign-in'
import { readProblem } from '@/tests/support/read-problem'
import { deleteUpload, headUpload, patchUpload } from '@/tests/support/tus-client'
import type { Web } from '@/tests/support/web'

const database = useDatabase()
const operations = listApiOperations()
let app: Awaited<ReturnType<typeof startWithApiResources>>
let web: Web
/** An administrator, who can perform every operation. */
let owner: TestUser
let other: TestUser
let resources: ApiResources

beforeAll(async () => {
  process.env.DATABASE_URL = database.url
  app = await startWithApiResources(database)
  ;({ web, owner, resources } = app)
  other = await web.createUser('eve@example.com')
})
afterAll(() => app.stop())

const anonymous = (at: string, init?: RequestInit) => fetch(new URL(at, web.url), init)
const withoutParameters = ({ path }: ApiOperation) => !path.includes('{')

const requestOf = (operation: ApiOperation) => {
  const example = findExample(operation, resources)
  return { at: buildUrl(operation, example), init: buildRequest(operation, example) }
}

/** Reads the body of a response, of an endless one its first part. */
async function readStart(response: Response) {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text()
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  await reader.cancel()
  return new TextDecoder().decode(value)
}

function expectNoSecrets(text: string) {
  for (const secret of listSecrets(resources)) expect(text).not.toContain(secret)
}

/** Removes the ids in the body of the request, which results repeat. */
const withoutIdsOf = ({ body }: RequestInit, text: string) =>
  (typeof body === 'string' ? (body.match(UUIDS) ?? []) : []).reduce(
    (rest: string, id) => rest.replaceAll(id, ''),
    text,
  )
const UUIDS = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g

/** Everything that the owner sees, to prove that nothing has changed. */
const readOwnerState = () =>
  Promise.all(
    operations
      .filter(({ method, isAdmin, path }) => method === 'GET' && !isAdmin && path !== '/api/v1/events')
      .map(async (operation) => {
        const { at } = requestOf(operation)
        const text = await (await owner.fetch(at)).text()
        // The requests themselves use the key.
        return [at, text.replaceAll(/"lastUsedAt":"[^"]*"/g, '')]
      }),
  )

describe('every operation of the API', () => {
  it('is refused to anonymous clients unless it is public', async () => {
    const open = operations.filter(({ isPublic }) => isPublic).map(({ name }) => name)
    expect(open.toSorted()).toEqual([
      'GET /api/health',
      'GET /api/oembed',
      'POST /api/v1/invitations',
      'POST /api/v1/shared/{token}',
      'POST /api/v1/shared/{token}/videos/{videoId}',
      'POST /api/v1/shared/{token}/views',
    ])
    for (const operation of operations.filter(({ isPublic }) => !isPublic)) {
      const { at, init } = requestOf(operation)
      const response = await anonymous(at, init)
      expect(`${operation.name} ${response.status}`).toBe(`${operation.name} 401`)
      expect((await readProblem(response)).code).toBe('account.sign_in_required')
    }
  })

  it('finds nothing of another user and changes nothing', async () => {
    const before = await readOwnerState()
    for (const operation of operations.filter(({ isPublic }) => !isPublic)) {
      const { at, init } = requestOf(operation)
      const response = await other.fetch(at, init)
      const text = await readStart(response)
      expectNoSecrets(withoutIdsOf(init, text.replaceAll(at, '')))
      const outcome = `${operation.name} ${response.status} ${text}`
      if (operation.isAdmin) expect(outcome).toMatch(/ 404 .*"request\.no_such_path"/)
      else if (!withoutParameters(operation)) expect(outcome).toMatch(/ 404 .*\.not_found"/)
      else expect(response.status, outcome).toBeLessThan(500)
    }
    const after = await readOwnerState()
    const changed = after.filter(([, text], n) => text !== before[n]![1])
    expect(changed).toEqual([])
  })
})

/** Endpoints of better-auth that need no session. */
const PUBLIC_AUTH_ENDPOINTS = [
  'GET /api/auth/callback/:id',
  'POST /api/auth/callback/:id',
  'GET /api/auth/get-session',
  'POST /api/auth/get-session',
  'POST /api/auth/sign-out',
  'POST /api/auth/sign-up/email',
  'POST /api/auth/sign-in/email',
  'POST /api/auth/reset-password',
  'GET /api/auth/verify-email',
  'POST /api/auth/send-verification-email',
  'POST /api/auth/request-password-reset',
  'GET /api/auth/reset-password/:token',
  'GET /api/auth/delete-user/callback',
  'GET /api/auth/passkey/generate-authenticate-options',
  'GET /api/auth/ok',
  'GET /api/auth/error',
]

describe('every operation of administrators', () => {
  it('is not found with the session of another user, however old its confirmation is', async () => {
    const cookie = await signIn({ web, user: other })
    await database.db.session.updateMany({
      where: { user: { email: other.email } },
      data: { reauthenticatedAt: new Date(0) },
    })
    for (const operation of operations.filter(({ isAdmin }) => isAdmin)) {
      const { at, init } = requestOf(operation)
      const headers = { ...(init.headers as Record<string, string>), cookie, origin: web.url }
      const response = await anonymous(at, { ...init, headers })
      expect(`${operation.name} ${response.status}`).toBe(`${operation.name} 404`)
    }
  })
})

describe('every endpoint of accounts', () => {
  const headers = () => ({ 'content-type': 'application/json', origin: web.url })

  it('is refused to anonymous clients unless it is public', async () => {
    for (const { method, at } of listAuthEndpoints()) {
      const name = `${method} ${at}`
      if (PUBLIC_AUTH_ENDPOINTS.includes(name)) continue
      const response = await anonymous(at, {
        method,
        headers: headers(),
        body: method === 'GET' ? null : '{}',
      })
      expect(`${name} ${response.status}`).toMatch(/ 40[0134]$/)
    }
    expect(await (await anonymous('/api/auth/get-session')).json()).toBeNull()
  })

  it('neither shows nor changes keys and sessions of another user', async () => {
    const { db } = database
    await signIn({ web, user: owner })
    const cookie = await signIn({ web, user: other })
    const rows = async () => [
      await db.apikey.findMany({ where: { referenceId: resources.ownerId }, omit: { lastRequest: true } }),
      await db.session.findMany({ where: { userId: resources.ownerId } }),
    ]
    const before = await rows()
    const [key] = before[0] as { id: string }[]
    const [session] = before[1] as { id: string; token: string }[]
    for (const [method, at, body] of [
      ['GET', `/api/auth/api-key/get?id=${key!.id}`],
      ['POST', '/api/auth/api-key/update', { keyId: key!.id, name: 'stolen' }],
      ['POST', '/api/auth/api-key/delete', { keyId: key!.id }],
      ['POST', '/api/auth/revoke-session', { token: session!.token }],
      ['GET', '/api/auth/api-key/list'],
      ['GET', '/api/auth/list-sessions'],
    ] as const) {
      const init = { method, headers: { ...headers(), cookie }, body: body && JSON.stringify(body) }
      const text = await (await anonymous(at, init)).text()
      for (const secret of [key!.id, session!.id, session!.token]) expect(text).not.toContain(secret)
    }
    expect(await rows()).toEqual(before)
  })
})

describe('every file below /media', () => {
  it('is refused to other users and anonymous clients', async () => {
    const root = path.join(web.dataDir, 'storage')
    const stored = globSync(`videos/${resources.videoId}/**/*`, { cwd: root }).filter((file) =>
      path.extname(file),
    )
    const documents = ['hls/master.m3u8', 'hls/source/index.m3u8', 'chapters.vtt', 'source']
    const urls = [...stored, ...documents.map((file) => `videos/${resources.videoId}/${file}`)]
    expect(urls.length).toBeGreaterThan(5)
    for (const file of urls) {
      for (const method of ['GET', 'HEAD']) {
        const at = `/media/${file}`
        expect(`${at} ${(await other.fetch(at, { method })).status}`).toBe(`${at} 404`)
        expect(`${at} ${(await anonymous(at, { method })).status}`).toBe(`${at} 401`)
      }
    }
    for (const file of documents)
      expect((await owner.fetch(`/media/videos/${resources.videoId}/${file}`)).status).toBe(200)
  })
})

describe('an upload', () => {
  it('is refused to other users and anonymous clients', async () => {
    const at = resources.uploadUrl
    const body = new Uint8Array(10)
    const client = { ...other, fetch: anonymous } as TestUser
    for (const [user, status] of [
      [other, 404],
      [client, 401],
    ] as const) {
      expect((await headUpload(user, at)).status).toBe(status)
      expect((await patchUpload(user, { at, offset: 0, body })).status).toBe(status)
      expect((await deleteUpload(user, at)).status).toBe(status)
    }
    expect((await headUpload(owner, at)).headers.get('upload-offset')).toBe('0')
  })
})

describe('the socket', () => {
  const connect = (namespace: string, { key, token }: { key?: string; token?: string }) => {
    const extraHeaders: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {}
    const options = { path: SOCKET_PATH, transports: ['websocket'], forceNew: true, reconnection: false }
    return io(web.url + namespace, { ...options, extraHeaders, auth: { token } })
  }
  const outcomeOf = (socket: ReturnType<typeof connect>) =>
    new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'))
      socket.once('connect_error', ({ message }) => resolve(message))
    })

  it('refuses anonymous clients in every namespace', async () => {
    for (const namespace of ['', CONSOLE_NAMESPACE]) {
      const socket = connect(namespace, {})
      expect(await outcomeOf(socket)).not.toBe('connected')
      socket.close()
    }
  })

  it('sends nothing of another user, and does not mark their tasks as seen', async () => {
    const seen = () => database.db.task.findUniqueOrThrow({ where: { id: resources.taskId } })
    const { seenAt } = await seen()
    const socket = connect('', { key: other.key })
    const received: unknown[] = []
    socket.onAny((...event: unknown[]) => received.push(event))
    expect(await outcomeOf(socket)).toBe('connected')
    const { taskId, videoId, machineId, captionId } = resources
    const ids = [taskId, videoId, machineId, captionId]
    const snapshot = (await socket.emitWithAck(
      'sync',
      Object.fromEntries(ids.map((id) => [id, 1])),
    )) as Snapshot
    expect({ ...snapshot, gone: snapshot.gone.toSorted() }).toMatchObject({ gone: ids.toSorted() })
    expectNoSecrets(JSON.stringify({ ...snapshot, gone: [] }))
    socket.emit('seen', [taskId])
    await owner.fetchJson(`/api/v1/videos/${videoId}`, { method: 'PATCH', body: '{"title":"quokka-secret"}' })
    // Its answer comes after the earlier events.
    await socket.emitWithAck('sync', {})
    expectNoSecrets(JSON.stringify(received))
    expect((await seen()).seenAt).toEqual(seenAt)
    socket.close()
  })

  it('opens a console only with a token of the same user', async () => {
    const { token } = await owner.fetchJson<{ token: string }>(
      `/api/v1/machines/${resources.machineId}/console`,
      { method: 'POST' },
    )
    for (const options of [{ token }, { key: other.key, token }, { key: other.key, token: 'x' }]) {
      const socket = connect(CONSOLE_NAMESPACE, options)
      expect(await outcomeOf(socket)).not.toBe('connected')
      socket.close()
    }
  })
})

describe('the event stream', () => {
  it('sends nothing of another user', async () => {
    const headers = { authorization: `Bearer ${other.key}` }
    const stream = await openEventStream(`${web.url}/api/v1/events?taskId=${resources.taskId}`, headers)
    expect(stream.status).toBe(200)
    await database.db.task.update({ where: { id: resources.taskId }, data: { stage: null } })
    const own = (await other.fetchJson<{ task: { id: string } }>('/api/v1/videos?filename=own.mp4', {
      method: 'POST',
      body: resources.clip,
    })) as { task: { id: string } }
    const all = await openEventStream(`${web.url}/api/v1/events`, headers)
    await expect.poll(() => all.events.some(({ data }) => data.id === own.task.id)).toBe(true)
    expectNoSecrets(JSON.stringify([...stream.events, ...all.events]))
    await stream.disconnect()
    await all.disconnect()
  })
})

describe('a port page', () => {
  it('is refused to other users and anonymous clients', async () => {
    const at = `/machines/${resources.machineId}/ports/${resources.guestPort}/`
    expect((await other.fetch(at)).status).toBe(404)
    expect((await anonymous(at, { redirect: 'manual' })).status).toBe(401)
  })
})

/** Pages that need no account. */
const PUBLIC_PAGES = [
  '/check-mail',
  '/docs/api',
  '/docs/api/[operation]',
  '/forgot-password',
  '/invite',
  '/reset-password',
  '/sign-in',
  '/sign-up',
]

/** Pages whose token is the credential: tests/attacks/shares.test.ts. */
const TOKEN_PAGES = ['/embed/[token]', '/s/[token]']

describe('every page', () => {
  const pages = globSync('app/**/page.tsx').map((file) =>
    `/${path.dirname(file).slice('app'.length)}`.replaceAll(/\/\([\w-]+\)/g, '').replaceAll('//', '/'),
  )
  const urlOf = (page: string) => {
    const ids: Record<string, string> = {
      '/account/webhooks/[id]': resources.webhookId,
      '/admin/mail/[id]': resources.mailId,
      '/admin/tasks/[id]': resources.taskId,
      '/admin/users/[id]': resources.ownerId,
      '/docs/api/[operation]': 'get-videos-id',
      '/machines/[id]': resources.machineId,
      '/playlists/[id]': resources.playlistId,
      '/tasks/[id]': resources.taskId,
      '/videos/[id]': resources.videoId,
      '/videos/[id]/captions/[captionId]': resources.videoId,
      '/videos/[id]/proof-sheet': resources.videoId,
    }
    if (page.includes('[') && !ids[page]) throw new Error(`add the id of ${page} to this test`)
    return page
      .replace('[id]', ids[page]!)
      .replace('[captionId]', resources.captionId)
      .replace('[operation]', ids[page]!)
  }

  it('redirects anonymous visitors to sign-in unless it is public', async () => {
    expect(pages.length).toBeGreaterThan(20)
    for (const page of pages.filter((one) => ![...PUBLIC_PAGES, ...TOKEN_PAGES].includes(one))) {
      const response = await anonymous(urlOf(page), { redirect: 'manual' })
      const location = response.headers.get('location')
      expect(`${page} ${response.status} ${location}`).toMatch(/ 307 .*\/sign-in/)
    }
  })

  it('shows nothing of another user', async () => {
    for (const page of pages.filter((one) => !TOKEN_PAGES.includes(one))) {
      const at = urlOf(page)
      const response = await other.fetch(at)
      // The path itself is in the page.
      const inPath = at.split('/').filter((part) => part.length > 30)
      expectNoSecrets(inPath.reduce((text, id) => text.replaceAll(id, ''), await response.text()))
      if ((page.includes('[') && !PUBLIC_PAGES.includes(page)) || page.startsWith('/admin'))
        expect(`${page} ${response.status}`).toBe(`${page} 404`)
    }
  })
})

describe('this sweep', () => {
  it('covers every route file', () => {
    const templates = new Set(operations.map(({ path }) => path.replaceAll(/\{\w+\}/g, '[]')))
    const routes = globSync('app/**/route.ts').map((file) => `/${path.dirname(file).slice('app/'.length)}`)
    const isCovered = (route: string) => {
      const pattern = new RegExp(
        `^${route.replaceAll('[action]', '\\w[\\w-]*').replaceAll(/\[\w+\]/g, '\\[\\]')}$`,
      )
      return [...templates].some((template) => pattern.test(template))
    }
    // Not in the document: tested by their own tests.
    expect(routes.filter((route) => !isCovered(route)).sort()).toEqual([
      '/api/[...rest]',
      '/api/auth/[...all]',
      '/api/metrics',
      '/api/openapi.json',
      '/icons/[name]',
    ])
  })

  it('covers every handler beside Next.js', () => {
    const [, list] = /const handlers: RequestHandler\[\] = \[([\s\S]*?)\n\]/.exec(
      readFileSync('server.ts', 'utf8'),
    )!
    const names = list!.match(/^\s+\w+/gm)!.map((name) => name.trim())
    expect(names).toEqual([
      'rejectUndecodableUrl',
      'machinePortHandler',
      'rejectAppOnPagesHost',
      'rejectForgedRequest',
      'createTusHandler',
      'mediaHandler',
      'exportHandler',
      'sourcesHandler',
      'videoUploadHandler',
      // Reads nothing of a request and reveals nothing.
      'shareTargetHandler',
      // Changes the language of the session's own user.
      'languageHandler',
      'createTaskEventsHandler',
      'nextHandler',
    ])
  })

  // Last: it ends with deletions.
  it('sends requests that succeed for the owner', async () => {
    for (const operation of operations.filter((operation) => !isSessionOnly(operation))) {
      await resources.refresh()
      const { at, init } = requestOf(operation)
      const response = await owner.fetch(at, init)
      const text = await readStart(response)
      // The state of a resource may not allow the action.
      expect(response.ok || response.status === 409, `${operation.name} ${response.status} ${text}`).toBe(
        true,
      )
    }
  })
})
