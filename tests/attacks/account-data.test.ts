// Over 200 lines because export and deletion are tried with one app, whose users have something of every kind.

import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { AccountExportDto } from '@/lib/accounts/export-schema'
import { removeExpiredExports } from '@/lib/accounts/exports'
import { createLocalStorage } from '@/lib/storage/local-storage'
import { TEST_PASSWORD, type TestUser } from '@/tests/support/accounts'
import { createRunningMachine } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import { generateMedia } from '@/tests/support/generate-media'
import { readProblem } from '@/tests/support/read-problem'
import { readZip } from '@/tests/support/read-zip'
import { signIn } from '@/tests/support/sign-in'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
let admin: TestUser
let ada: TestUser
let adaId: string
let clip: Uint8Array<ArrayBuffer>
let videoId: string

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: FAKE_MACHINES })
  worker = await startWorker(web)
  admin = await web.createUser('admin@example.com', { isAdmin: true })
  ada = await web.createUser('ada@example.com')
  adaId = await idOf(ada)
  clip = new Uint8Array(readFileSync(await generateMedia('web-safe.mp4')))
  const at = '/api/v1/videos?filename=..%2F..%2Fharbour.mp4'
  const { video } = await ada.fetchJson<{ video: { id: string } }>(at, { method: 'POST', body: clip })
  videoId = video.id
  const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\nThe harbour at dawn\n'
  const captions = `/api/v1/videos/${videoId}/captions/files?filename=a.en.vtt`
  await ada.fetchJson(captions, { method: 'POST', body: vtt })
  await ada.fetchJson('/api/v1/webhooks', json({ url: 'https://example.com/hook' }))
  await ada.fetchJson(`/api/v1/videos/${videoId}/shares`, json({ password: 'correct-horse' }))
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})

const json = (body: object): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })
const idOf = async ({ email }: TestUser) =>
  (await database.db.user.findUniqueOrThrow({ where: { email } })).id
const storage = () => createLocalStorage(path.join(web.dataDir, 'storage'))
const requestExport = (user: TestUser) => user.fetch('/api/v1/account/exports', { method: 'POST' })
const readExport = async (user: TestUser) =>
  (await user.fetchJson<{ exports: AccountExportDto[] }>('/api/v1/account/exports')).exports[0]
const exportDone = (user: TestUser) =>
  vi.waitFor(
    async () => {
      const done = await readExport(user)
      expect(done?.state).toBe('done')
      return done!
    },
    { timeout: 60_000, interval: 200 },
  )

describe('an export', () => {
  it('contains originals, captions and rows, but no secrets and nothing of other users', async () => {
    await signIn({ web, user: ada })
    expect((await requestExport(ada)).status).toBe(202)
    const { urls } = await exportDone(ada)
    const response = await ada.fetch(urls.download!)
    expect(response.headers.get('content-disposition')).toContain('attachment')
    const entries = readZip(Buffer.from(await response.arrayBuffer()))
    const names = [...entries.keys()]
    expect(entries.get(`videos/${videoId}/harbour.mp4`)).toEqual(Buffer.from(clip))
    const captions = names.find((name) => name.endsWith('.en.vtt'))!
    expect(entries.get(captions)!.toString()).toContain('The harbour at dawn')
    const rows = (name: string) => JSON.parse(entries.get(name)!.toString()) as object[]
    expect(rows('account.json')).toMatchObject([{ email: ada.email }])
    expect(rows('webhooks.json')).toMatchObject([{ url: 'https://example.com/hook' }])
    expect(rows('videos.json')).toMatchObject([{ id: videoId }])
    expect(rows('shares.json')).toMatchObject([{ videoId, viewCount: 0 }])
    expect(rows('audit.json').length).toBeGreaterThan(0)
    const all = names.map((name) => entries.get(name)!.toString('latin1')).join('\n')
    const { secret } = await database.db.webhookEndpoint.findFirstOrThrow({ where: { ownerId: adaId } })
    const { password } = await database.db.account.findFirstOrThrow({ where: { userId: adaId } })
    const { key } = await database.db.apikey.findFirstOrThrow({ where: { referenceId: adaId } })
    const { token } = await database.db.session.findFirstOrThrow({ where: { userId: adaId } })
    const share = await database.db.share.findFirstOrThrow({ where: { videoId } })
    const ofShare = [share.token, share.tokenHash, share.passwordHash!]
    for (const hidden of [secret, password!, key, token, ada.key, admin.email, ...ofShare])
      expect(all).not.toContain(hidden)
    for (const name of names) expect(name).toMatch(/^(\w[\w-]*\.json|videos\/[\w-]+\/[^/]+(\/[^/]+)?)$/)
  })

  it('is served in ranges to its owner alone, until it expires', async () => {
    const { id, urls, expiresAt } = await exportDone(ada)
    const range = await ada.fetch(urls.download!, { headers: { range: 'bytes=0-3' } })
    expect([range.status, await range.text()]).toEqual([206, 'PK\u0003\u0004'])
    expect((await admin.fetch(urls.download!)).status).toBe(404)
    expect((await fetch(web.url + urls.download!)).status).toBe(401)
    expect((await admin.fetch(`/api/v1/account/exports/${id}`, { method: 'DELETE' })).status).toBe(404)
    expect(Date.parse(expiresAt!) - Date.now()).toBeLessThan(3 * 86_400_000 + 1_000)
    const stored = path.join(web.dataDir, 'storage', 'exports', id)
    expect(existsSync(stored)).toBe(true)
    await database.db.accountExport.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } })
    expect((await ada.fetch(urls.download!)).status).toBe(404)
    expect(await removeExpiredExports({ db: database.db, storage: storage() })).toBe(1)
    expect(existsSync(stored)).toBe(false)
  })

  it('runs once per user at a time, and a new one replaces the archive', async () => {
    const responses = await Promise.all([1, 2, 3, 4].map(() => requestExport(ada)))
    expect(responses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409, 409])
    const first = await exportDone(ada)
    expect((await requestExport(ada)).status).toBe(202)
    const second = await exportDone(ada)
    expect(second.id).not.toBe(first.id)
    expect(await storage().list('exports')).toEqual([second.id])
    await ada.fetch(`/api/v1/account/exports/${second.id}`, { method: 'DELETE' })
    expect(await storage().list('exports')).toEqual([])
  })

  it('continues after its worker was killed', async () => {
    await worker.stop('SIGKILL')
    expect((await requestExport(ada)).status).toBe(202)
    worker = await startWorker(web)
    await worker.stop('SIGKILL')
    worker = await startWorker(web)
    const { urls } = await exportDone(ada)
    const entries = readZip(Buffer.from(await (await ada.fetch(urls.download!)).arrayBuffer()))
    expect(entries.has(`videos/${videoId}/harbour.mp4`)).toBe(true)
  })
})

describe('deleting an account', () => {
  const requestDeletion = (cookie: string, body: object) =>
    fetch(`${web.url}/api/v1/account/deletion`, {
      method: 'POST',
      headers: { cookie, origin: web.url, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  it('needs a session, the address and the password', async () => {
    const confirmed = { confirmation: ada.email, password: TEST_PASSWORD }
    const withKey = await ada.fetch('/api/v1/account/deletion', json(confirmed))
    expect(await readProblem(withKey)).toMatchObject({ status: 403, code: 'account.session_required' })
    const cookie = await signIn({ web, user: ada })
    for (const [change, code] of [
      [{ confirmation: 'eve@example.com' }, 'account.not_confirmed'],
      [{ password: 'a-wrong-password' }, 'account.wrong_password'],
      [{ password: undefined }, 'account.wrong_password'],
    ] as const)
      expect(await readProblem(await requestDeletion(cookie, { ...confirmed, ...change }))).toMatchObject({
        status: 422,
        code,
      })
    expect((await ada.fetch('/api/v1/videos')).status).toBe(200)
  })

  it('does not let a stolen session guess the password', async () => {
    const user = await web.createUser('guessed@example.com')
    const cookie = await signIn({ web, user })
    const guess = (password: string) => requestDeletion(cookie, { confirmation: user.email, password })
    for (let n = 0; n < 6; n++) await guess(`a-wrong-password-${n}`)
    const limited = await guess(user.password)
    expect(limited.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await readProblem(limited)).toMatchObject({ status: 429, code: 'rate.limited' })
  })

  it.each(['deletion', 'exports'])('asks a session for a fresh proof of the identity: %s', async (action) => {
    const user = await web.createUser(`stale-${action}@example.com`)
    const cookie = await signIn({ web, user })
    await database.db.session.updateMany({
      where: { user: { email: user.email } },
      data: { reauthenticatedAt: new Date(0) },
    })
    const response = await fetch(`${web.url}/api/v1/account/${action}`, {
      method: 'POST',
      headers: { cookie, origin: web.url, 'content-type': 'application/json' },
      body: JSON.stringify({ confirmation: user.email, password: user.password }),
    })
    expect(await readProblem(response)).toMatchObject({ code: 'account.reauthentication_required' })
  })

  it('is refused to the last administrator', async () => {
    const cookie = await signIn({ web, user: admin })
    const body = { confirmation: admin.email, password: TEST_PASSWORD }
    expect(await readProblem(await requestDeletion(cookie, body))).toMatchObject({
      code: 'user.last_administrator',
    })
  })

  it('signs out at once and removes everything but the audit entries, also after a crash', async () => {
    const { id: machineId } = await createRunningMachine(ada, 'mine')
    await database.db.machine.update({ where: { id: machineId }, data: { isProtected: true } })
    const cookie = await signIn({ web, user: ada })
    await worker.stop('SIGKILL')
    const body = { confirmation: ada.email, password: TEST_PASSWORD }
    expect((await requestDeletion(cookie, body)).status).toBe(202)
    expect((await ada.fetch('/api/v1/videos')).status).toBe(401)
    expect((await fetch(`${web.url}/api/v1/videos`, { headers: { cookie } })).status).toBe(401)
    await expect(signIn({ web, user: ada })).rejects.toThrow()
    const enable = { method: 'PATCH', body: JSON.stringify({ isDisabled: false }) }
    expect(await readProblem(await admin.fetch(`/api/v1/admin/users/${adaId}`, enable))).toMatchObject({
      code: 'user.being_deleted',
    })
    worker = await startWorker(web)
    await vi.waitFor(async () => expect(await database.db.user.count({ where: { id: adaId } })).toBe(0), {
      timeout: 90_000,
      interval: 200,
    })
    const where = { ownerId: adaId }
    expect([
      await database.db.video.count({ where }),
      await database.db.machine.count({ where }),
      await database.db.task.count({ where }),
      await database.db.mail.count({ where }),
      await database.db.webhookEndpoint.count({ where }),
      await database.db.accountExport.count({ where }),
      await database.db.apikey.count({ where: { referenceId: adaId } }),
      await database.db.outboxMail.count({ where: { recipient: ada.email } }),
    ]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    const files = globSync('{storage/{videos,exports},uploads}/**/*', { cwd: web.dataDir })
    expect(files.filter((file) => path.extname(file))).toEqual([])
    const kept = await database.db.auditEntry.findMany({
      where: { subjectId: adaId },
      orderBy: { id: 'asc' },
    })
    expect(kept.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['account.created', 'account.deletion_requested', 'account.deleted']),
    )
  })
})
