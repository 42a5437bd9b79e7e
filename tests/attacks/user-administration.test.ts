// Over 200 lines because every right of an administrator is tried with one app.

import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntryDto } from '@/lib/audit/schema'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import type { InvitationWithUrl, UpdateUser, UserDto } from '@/lib/users/schema'
import { TEST_PASSWORD, type TestUser } from '@/tests/support/accounts'
import { createRunningMachine } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'
import { signIn } from '@/tests/support/sign-in'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
let admin: TestUser
let count = 0

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url, env: FAKE_MACHINES })
  worker = await startWorker(web)
  admin = await web.createUser('admin@example.com', { isAdmin: true })
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})

async function createUser(options?: { isAdmin: boolean }) {
  const user = await web.createUser(`user-${++count}@example.com`, options)
  const { id } = await database.db.user.findUniqueOrThrow({ where: { email: user.email } })
  return { ...user, id }
}
const json = (method: string, body: object): RequestInit => ({ method, body: JSON.stringify(body) })
const patch = (id: string, change: UpdateUser, as = admin) =>
  as.fetch(`/api/v1/admin/users/${id}`, json('PATCH', change))
const invite = (email: string, role = 'member') =>
  admin.fetchJson<InvitationWithUrl>('/api/v1/admin/invitations', json('POST', { email, role }))
const accept = ({ url }: InvitationWithUrl, password = TEST_PASSWORD) =>
  fetch(`${web.url}/api/v1/invitations`, json('POST', { token: url.split('#')[1], password }))

describe('a former administrator', () => {
  it.each<[string, UpdateUser]>([
    ['demoted', { role: 'member' }],
    ['disabled', { isDisabled: true }],
  ])('who was %s cannot come back by an invitation', async (name, change) => {
    const former = await createUser({ isAdmin: true })
    const invitation = await former.fetchJson<InvitationWithUrl>(
      '/api/v1/admin/invitations',
      json('POST', { email: `back-door-${name}@example.com`, role: 'admin' }),
    )
    expect((await patch(former.id, change)).status).toBe(200)
    expect(await readProblem(await accept(invitation))).toMatchObject({ code: 'invitation.invalid' })
  })

  it('does not deadlock with another one while they demote each other', async () => {
    const [one, two] = [await createUser({ isAdmin: true }), await createUser({ isAdmin: true })]
    // Repeated, because it depends on the order of the statements.
    for (let round = 0; round < 15; round++) {
      await database.db.user.updateMany({
        where: { id: { in: [one.id, two.id] } },
        data: { role: 'admin' },
      })
      const responses = await Promise.all([
        patch(one.id, { role: 'member' }, two),
        patch(two.id, { role: 'member' }, one),
      ])
      for (const response of responses) expect([200, 404]).toContain(response.status)
    }
  })
})

describe('a disabled user', () => {
  it('is signed out of pages, sockets and API keys, and cannot sign in again until enabled', async () => {
    const user = await createUser()
    const cookie = await signIn({ web, user })
    const socket = io(web.url, {
      path: SOCKET_PATH,
      transports: ['websocket'],
      extraHeaders: { cookie, origin: web.url },
    })
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    const closed = new Promise((resolve) => socket.once('disconnect', resolve))
    expect((await patch(user.id, { isDisabled: true })).status).toBe(200)
    expect((await fetch(`${web.url}/api/v1/videos`, { headers: { cookie } })).status).toBe(401)
    expect((await user.fetch('/api/v1/videos')).status).toBe(401)
    expect(await closed).toBe('io server disconnect')
    socket.close()
    await expect(signIn({ web, user })).rejects.toThrow('403')
    expect(await database.db.session.count({ where: { userId: user.id } })).toBe(0)
    expect((await patch(user.id, { isDisabled: false })).status).toBe(200)
    expect((await user.fetch('/api/v1/videos')).status).toBe(200)
    expect(await signIn({ web, user })).toContain('session')
  })
})

describe('the last administrator', () => {
  it('is neither demoted nor disabled, also when two administrators remove each other at once', async () => {
    const { id } = await database.db.user.findUniqueOrThrow({ where: { email: admin.email } })
    // Administrators that earlier tests left.
    await database.db.user.updateMany({ where: { id: { not: id } }, data: { role: 'member' } })
    const other = await createUser({ isAdmin: true })
    const responses = await Promise.all([
      patch(id, { role: 'member' }, other),
      patch(other.id, { isDisabled: true }, admin),
    ])
    expect(responses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      expect.toBeOneOf([401, 404, 409]),
    ])
    const left = await database.db.user.findMany({ where: { role: 'admin', disabledAt: null } })
    expect(left).toHaveLength(1)
    await database.db.user.update({ where: { id }, data: { role: 'admin', disabledAt: null } })
    await database.db.user.update({ where: { id: other.id }, data: { role: 'member' } })
    for (const change of [{ role: 'member' }, { isDisabled: true }] as UpdateUser[])
      expect(await readProblem(await patch(id, change))).toMatchObject({
        status: 409,
        code: 'user.last_administrator',
      })
  })
})

describe('an invitation', () => {
  it('creates one account, with its role, and only once', async () => {
    const invitation = await invite('invited@example.com', 'admin')
    const responses = await Promise.all([accept(invitation), accept(invitation), accept(invitation)])
    expect(responses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 404, 404])
    const user = await database.db.user.findUniqueOrThrow({ where: { email: 'invited@example.com' } })
    expect(user).toMatchObject({ role: 'admin', emailVerified: true })
    expect(await signIn({ web, user: { ...admin, email: user.email } })).toContain('session')
    await database.db.user.update({ where: { id: user.id }, data: { role: 'member' } })
  })

  it('is refused once it has expired or was revoked, and survives a refused password', async () => {
    const expired = await invite('late@example.com')
    await database.db.invitation.update({ where: { id: expired.id }, data: { expiresAt: new Date() } })
    expect(await readProblem(await accept(expired))).toMatchObject({ code: 'invitation.invalid' })
    const revoked = await invite('revoked@example.com')
    const at = `/api/v1/admin/invitations/${revoked.id}`
    expect((await admin.fetch(at, { method: 'DELETE' })).status).toBe(204)
    expect((await accept(revoked)).status).toBe(404)
    const valid = await invite('weak@example.com')
    expect((await accept(valid, 'short')).status).toBe(400)
    expect((await accept(valid)).status).toBe(201)
  })

  it('takes over no existing account', async () => {
    const invitation = await invite('early@example.com')
    await web.createUser('early@example.com')
    expect(await readProblem(await accept(invitation, 'another-password'))).toMatchObject({
      status: 409,
      code: 'user.exists',
    })
    const again = await admin.fetch('/api/v1/admin/invitations', json('POST', { email: 'Early@example.com' }))
    expect(again.status).toBe(409)
  })

  it('is stored as a hash and not listed with its link', async () => {
    const token = (await invite('secret@example.com')).url.split('#')[1]!
    const listed = await (await admin.fetch('/api/v1/admin/invitations')).text()
    const stored = JSON.stringify([
      await database.db.invitation.findMany(),
      await database.db.auditEntry.findMany(),
    ])
    expect(listed).toContain('secret@example.com')
    expect(listed + stored).not.toContain(token)
  })
})

describe('a user without a permission', () => {
  it('can neither create, start nor open machines, but stop them', async () => {
    const user = await createUser()
    const { id } = await createRunningMachine(user, 'mine')
    await patch(user.id, { permissions: { canUseMachines: false } })
    for (const [at, body] of [
      ['/api/v1/machines', { name: 'more' }],
      [`/api/v1/machines/${id}/reboot`, {}],
      [`/api/v1/machines/${id}/console`, {}],
      [`/api/v1/machines/${id}/snapshots`, { name: 'copy' }],
      [`/api/v1/machines/${id}/ports`, { guestPort: 80 }],
    ] as const)
      expect(await readProblem(await user.fetch(at, json('POST', body)))).toMatchObject({
        status: 403,
        code: 'machine.not_allowed',
      })
    expect((await user.fetch(`/api/v1/machines/${id}/stop`, { method: 'POST' })).status).toBe(202)
  })

  it('can neither forward ports nor create or test webhooks', async () => {
    const user = await createUser()
    const { id } = await createRunningMachine(user, 'mine')
    const webhook = await user.fetchJson<{ id: string }>(
      '/api/v1/webhooks',
      json('POST', { url: 'https://example.com/' }),
    )
    await patch(user.id, { permissions: { canForwardPorts: false, canUseWebhooks: false } })
    for (const [at, body, code] of [
      [`/api/v1/machines/${id}/ports`, { guestPort: 80 }, 'port.not_allowed'],
      ['/api/v1/webhooks', { url: 'https://example.com/' }, 'webhook.not_allowed'],
      [`/api/v1/webhooks/${webhook.id}/test`, {}, 'webhook.not_allowed'],
    ] as const)
      expect(await readProblem(await user.fetch(at, json('POST', body)))).toMatchObject({ status: 403, code })
    // The end of a task.
    await user.fetchJson(`/api/v1/machines/${id}/stop`, { method: 'POST' })
    await expect
      .poll(() =>
        database.db.task.count({ where: { ownerId: user.id, kind: 'machine.stop', state: 'done' } }),
      )
      .toBe(1)
    expect(await database.db.webhookDelivery.count({ where: { endpointId: webhook.id } })).toBe(0)
  })

  it('gets no machine with internet access', async () => {
    const user = await createUser()
    await patch(user.id, { permissions: { canUseInternet: false } })
    const request = json('POST', { name: 'online', network: 'outbound' })
    expect(await readProblem(await user.fetch('/api/v1/machines', request))).toMatchObject({
      code: expect.stringMatching(/^machine\.(internet_not_allowed|network_unavailable)$/),
    })
    expect(await database.db.machine.count({ where: { ownerId: user.id } })).toBe(0)
  })

  it('reads it on the pages and in the list of images before filling in a form', async () => {
    const user = await createUser()
    await patch(user.id, {
      permissions: { canUseMachines: false, canUseInternet: false, canUseWebhooks: false },
    })
    expect(await user.fetchJson('/api/v1/machine-images')).toMatchObject({
      problem: 'Your account may not use machines. Ask your administrator.',
      outboundProblem: 'Your account may not give machines internet access. Ask your administrator.',
    })
    const cookie = await signIn({ web, user })
    for (const [at, text] of [
      ['/machines/new', 'Your account may not use machines.'],
      ['/account/webhooks', 'Your account may not use webhooks.'],
    ] as const)
      expect(await (await fetch(web.url + at, { headers: { cookie } })).text()).toContain(text)
  })
})

it('limits per user replace those of the server', async () => {
  const user = await createUser()
  await patch(user.id, { limits: { machines: 0, storageBytes: 10 } })
  const created = await user.fetch('/api/v1/machines', json('POST', { name: 'one' }))
  expect(await readProblem(created)).toMatchObject({ code: 'machine.quota_exceeded', limit: 0 })
  const body = new Uint8Array(100)
  const uploaded = await user.fetch('/api/v1/videos?filename=a.mp4', { method: 'POST', body })
  expect(await readProblem(uploaded)).toMatchObject({ code: 'upload.quota_exceeded' })
  await patch(user.id, { limits: { machines: null, storageBytes: null } })
  expect((await user.fetch('/api/v1/machines', json('POST', { name: 'one' }))).status).toBe(202)
})

it('signing a user out ends sessions and, on request, keys', async () => {
  const user = await createUser()
  const cookie = await signIn({ web, user })
  const at = `/api/v1/admin/users/${user.id}/sign-out`
  expect((await admin.fetch(at, json('POST', {}))).status).toBe(204)
  expect((await fetch(`${web.url}/api/v1/videos`, { headers: { cookie } })).status).toBe(401)
  expect((await user.fetch('/api/v1/videos')).status).toBe(200)
  expect((await admin.fetch(at, json('POST', { keys: true }))).status).toBe(204)
  expect((await user.fetch('/api/v1/videos')).status).toBe(401)
})

it('a member cannot administer users, and an administrator is recorded', async () => {
  const user = await createUser()
  for (const change of [{ role: 'admin' }, { isDisabled: true }] as UpdateUser[])
    expect((await patch(user.id, change, user)).status).toBe(404)
  await patch(user.id, { role: 'admin' })
  await patch(user.id, { role: 'member', limits: { cpus: 3 } })
  const { users } = await admin.fetchJson<{ users: UserDto[] }>(`/api/v1/admin/users?search=${user.email}`)
  expect(users).toMatchObject([{ role: 'member', limits: { cpus: 3, machines: null } }])
  const { entries } = await admin.fetchJson<{ entries: AuditEntryDto[] }>(
    `/api/v1/admin/audit?text=${user.id}&limit=3`,
  )
  expect(entries.map(({ action, actorEmail }) => `${action} ${actorEmail}`)).toEqual([
    `user.limits_changed ${admin.email}`,
    `user.demoted ${admin.email}`,
    `user.promoted ${admin.email}`,
  ])
})

it('resetting the second factor removes all of it, ends sessions, and keeps the password', async () => {
  const user = await createUser()
  const cookie = await signIn({ web, user })
  const { db } = database
  await db.user.update({ where: { id: user.id }, data: { twoFactorEnabled: true } })
  await db.twoFactor.create({ data: { id: 'lost', userId: user.id, secret: 'x', backupCodes: 'x' } })
  const key = { publicKey: 'x', credentialID: 'x', counter: 0, deviceType: 'x', backedUp: false }
  await db.passkey.create({ data: { id: 'lost', userId: user.id, ...key } })
  const at = `/api/v1/admin/users/${user.id}`
  expect(await admin.fetchJson(at)).toMatchObject({ hasTwoFactor: true })
  expect((await user.fetch(`${at}/reset-two-factor`, { method: 'POST' })).status).toBe(404)
  expect((await admin.fetch(`${at}/reset-two-factor`, { method: 'POST' })).status).toBe(204)
  expect(await admin.fetchJson(at)).toMatchObject({ hasTwoFactor: false, sessions: 0 })
  expect(await db.twoFactor.count({ where: { userId: user.id } })).toBe(0)
  expect((await fetch(`${web.url}/api/v1/videos`, { headers: { cookie } })).status).toBe(401)
  expect(await signIn({ web, user })).toContain('session')
})
