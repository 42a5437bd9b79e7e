import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pruneAudit, recordAudit } from '@/lib/audit/commands'
import type { AuditEntryDto } from '@/lib/audit/schema'
import { createEndpoint } from '@/lib/webhooks/commands'
import { TEST_PASSWORD, type TestUser } from '@/tests/support/accounts'
import { createOwner, useDatabase } from '@/tests/support/database'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, type Web } from '@/tests/support/web'

interface AuditPage {
  entries: AuditEntryDto[]
  nextCursor: string | null
}

const database = useDatabase()
let web: Web
let admin: TestUser
let eve: TestUser

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  admin = await web.createUser('admin@example.com', { isAdmin: true })
  eve = await web.createUser('eve@example.com')
})
afterAll(() => web.stop())

const search = async (query: string) =>
  (await admin.fetchJson<AuditPage>(`/api/v1/admin/audit?${query}`)).entries

const postJson = (body: object, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', origin: web.url, ...headers },
  body: JSON.stringify(body),
})

describe('the audit log', () => {
  it('records sign-ins, failed ones too, and sign-outs with address and browser', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'user-agent': 'Intruder/1.0' }
    const guess = { email: eve.email, password: 'a-wrong-password' }
    await expect(signIn({ web, user: guess, headers })).rejects.toThrow('401')
    const cookie = await signIn({ web, user: eve, headers })
    await fetch(`${web.url}/api/auth/sign-out`, postJson({}, { cookie }))
    expect(await search('action=account.signed_in')).toMatchObject([
      { outcome: 'success', actorEmail: eve.email, address: '203.0.113.7', userAgent: 'Intruder/1.0' },
      { outcome: 'failure', actorId: null, detail: { email: eve.email }, address: '203.0.113.7' },
    ])
    expect(await search('action=account.signed_out')).toMatchObject([{ actorEmail: eve.email }])
  })

  it('records changes of webhooks and queues with the API key as the actor, and no secrets', async () => {
    const url = 'https://hooks.example.com/path-with-secret?token=hunter2'
    const { id, secret } = await eve.fetchJson<{ id: string; secret: string }>(
      '/api/v1/webhooks',
      postJson({ url }),
    )
    await eve.fetchJson(`/api/v1/webhooks/${id}/secret`, { method: 'POST' })
    expect((await eve.fetch(`/api/v1/webhooks/${id}`, { method: 'DELETE' })).status).toBe(204)
    await admin.fetchJson('/api/v1/admin/queues/pause', postJson({ queue: 'video.caption' }))
    expect(await search(`text=${id}`)).toMatchObject([
      { action: 'webhook.deleted', actorKind: 'key', actorEmail: eve.email },
      { action: 'webhook.secret_rotated' },
      { action: 'webhook.created', detail: { host: 'hooks.example.com' } },
    ])
    expect(await search('action=queue.paused')).toMatchObject([
      { actorEmail: admin.email, subjectId: 'video.caption' },
    ])
    const everything = JSON.stringify(await database.db.auditEntry.findMany())
    for (const leaked of [secret, 'hunter2', 'path-with-secret', eve.key, TEST_PASSWORD])
      expect(everything).not.toContain(leaked)
  })

  it('refuses an action that cannot be recorded', async () => {
    const { id: ownerId } = await createOwner(database.db)
    await database.db.$executeRaw`
      CREATE TRIGGER failing BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION protect_audit_entry()`
    const input = { url: 'https://hooks.example.com/', events: [], kinds: [] }
    await expect(createEndpoint(database.db, { ownerId, input })).rejects.toThrow('append-only')
    await database.db.$executeRaw`DROP TRIGGER failing ON audit_entry`
    expect(await database.db.webhookEndpoint.count({ where: { ownerId } })).toBe(0)
  })

  it('refuses UPDATE, DELETE and TRUNCATE, also with the setting of retention', async () => {
    await recordAudit(database.db, { action: 'audit.exported' })
    const attempts = [
      "UPDATE audit_entry SET action = 'nothing'",
      'DELETE FROM audit_entry',
      'TRUNCATE audit_entry',
      "SELECT set_config('meanwhile.audit_retention_days', '0', true); DELETE FROM audit_entry",
    ]
    const before = await database.db.auditEntry.count()
    for (const sql of attempts) {
      const run = database.db.$transaction(async (tx) => {
        for (const statement of sql.split('; ')) await tx.$executeRawUnsafe(statement)
      })
      await expect(run, sql).rejects.toThrow('append-only')
    }
    expect(await pruneAudit({ db: database.db, days: 0 })).toBe(0)
    expect(await database.db.auditEntry.count()).toBe(before)
  })

  it('prunes entries that are older than the retention', async () => {
    const data = { actorKind: 'system', action: 'audit.exported' } as const
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)
    await database.db.auditEntry.createMany({
      data: [
        { ...data, at: daysAgo(91) },
        { ...data, at: daysAgo(89) },
      ],
    })
    expect(await pruneAudit({ db: database.db, days: 90 })).toBe(1)
    expect(await database.db.auditEntry.count({ where: { at: { lt: daysAgo(80) } } })).toBe(1)
  })

  it('is searched by actor, text and time, in pages, and exported as JSON lines', async () => {
    expect(await search('actor=mallory')).toEqual([])
    expect((await search('actor=EVE@')).every(({ actorEmail }) => actorEmail === eve.email)).toBe(true)
    expect(await search('text=%25')).toEqual([])
    expect(await search(`to=${new Date(0).toISOString()}`)).toEqual([])
    const pages: AuditEntryDto[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const at: string = `/api/v1/admin/audit?limit=2${cursor && `&cursor=${cursor}`}`
      const page: AuditPage = await admin.fetchJson(at)
      pages.push(...page.entries)
      cursor = page.nextCursor
    }
    const response = await admin.fetch('/api/v1/admin/audit/export')
    const lines = (await response.text()).trim().split('\n')
    const exported = lines.map((line) => JSON.parse(line) as AuditEntryDto)
    // The export is recorded itself.
    expect(exported[0]).toMatchObject({ action: 'audit.exported', actorEmail: admin.email })
    expect(exported.slice(1)).toEqual(pages)
  })

  it('is not found for other users and refused to anonymous clients', async () => {
    for (const at of ['/api/v1/admin/audit', '/api/v1/admin/audit/export']) {
      expect((await eve.fetch(at)).status).toBe(404)
      expect((await fetch(web.url + at)).status).toBe(401)
    }
    const page = await (await eve.fetch('/admin/audit')).text()
    expect(page).not.toContain('Export as JSON lines')
  })

  it('answers malformed searches with 400', async () => {
    for (const query of [
      'cursor=1',
      'from=yesterday',
      'limit=0',
      'action=unknown',
      `text=${'x'.repeat(300)}`,
    ])
      expect((await admin.fetch(`/api/v1/admin/audit?${query}`)).status, query).toBe(400)
  })
})
