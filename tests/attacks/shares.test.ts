// Over 200 lines because all attacks on links use one app, with links of every kind.

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ShareDto } from '@/lib/shares/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'
import { createPlayableVideo, createShareClient } from '@/tests/support/shared-video-fixture'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let eve: TestUser
let videoId: string
let otherVideoId: string
let client: ReturnType<typeof createShareClient>

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  ada = await web.createUser('ada@example.com')
  eve = await web.createUser('eve@example.com')
  videoId = await createPlayableVideo({ web, db: database.db, user: ada })
  otherVideoId = await createPlayableVideo({ web, db: database.db, user: ada })
  client = createShareClient(web, ada)
})
afterAll(() => web.stop())

/** Everything that a viewer loads, by the grant in its URLs. */
const FILES = [
  'hls/master.m3u8',
  'hls/360p/index.m3u8',
  'hls/360p/0.m4s',
  'poster.jpg',
  'poster.webp',
  'chapters.vtt',
]
const mediaUrl = (grant: string, file: string) => `/media/shares/${grant}/${file}`
const statusesOf = (grant: string, files = FILES) =>
  Promise.all(files.map((file) => client.statusOf(mediaUrl(grant, file))))
const all = (status: number, files = FILES) => files.map(() => status)

it('is not found by guessing: tokens have 192 random bits, and a wrong one looks like a revoked one', async () => {
  const shares = await Promise.all(Array.from({ length: 20 }, () => client.share(otherVideoId)))
  expect(new Set(shares.map(({ token }) => token)).size).toBe(20)
  for (const { token } of shares) expect(Buffer.from(token, 'base64url')).toHaveLength(24)
  const [revoked, ...rest] = shares
  await client.revoke(revoked!.id)
  const guesses = [
    randomBytes(24).toString('base64url'),
    revoked!.token,
    `${rest[0]!.token}A`,
    rest[0]!.token.slice(0, -1),
    rest[0]!.id,
    otherVideoId,
    '..%2f..',
  ]
  for (const guess of guesses) {
    expect(await client.statusOf(`/s/${guess}`), guess).toBe(404)
    expect((await client.open(guess)).status, guess).toBe(404)
  }
  const text = async (token: string) => (await client.open(token)).text()
  expect(await text(guesses[0]!)).toBe(await text(revoked!.token))
  // The database has no token in the clear.
  const rows = JSON.stringify(await database.db.share.findMany())
  for (const { token } of rest) expect(rows).not.toContain(token)
  for (const { id } of rest) await client.revoke(id)
})

describe('a link to one video', () => {
  it('opens its media, and neither another video, nor downloads, nor anything of the account', async () => {
    const { token } = await client.share(videoId)
    const shared = await client.openJson(token)
    expect(await statusesOf(shared.grant)).toEqual(all(200))
    expect(JSON.stringify(shared)).not.toContain(videoId)
    expect(shared.downloads).toEqual([])
    for (const file of [
      'source',
      'downloads/360p.mp4',
      `../../videos/${otherVideoId}/poster.jpg`,
      `..%2f..%2fvideos%2f${otherVideoId}%2fposter.jpg`,
      `hls/..%2f..%2f..%2f${otherVideoId}/poster.jpg`,
      'SOURCE',
      'source%2f',
      'indexed.mkv',
    ])
      expect(await client.statusOf(mediaUrl(shared.grant, file)), file).toBeGreaterThanOrEqual(401)
    for (const id of [videoId, otherVideoId])
      expect(await client.statusOf(`/media/videos/${id}/poster.jpg`)).toBe(401)
    for (const bearer of [token, shared.grant])
      for (const at of [
        `/api/v1/videos/${videoId}`,
        '/api/v1/videos',
        `/media/videos/${videoId}/poster.jpg`,
      ]) {
        const headers = { authorization: `Bearer ${bearer}`, cookie: `share=${bearer}` }
        expect((await fetch(web.url + at, { headers })).status).toBe(401)
      }
  })

  it('opens nothing with a grant that was altered, or of another share', async () => {
    const { token, id } = await client.share(videoId)
    const other = await client.share(otherVideoId)
    const { grant } = await client.openJson(token)
    const { grant: otherGrant } = await client.openJson(other.token)
    const [, expiry, nonce, signature] = grant.split('.')
    const forged = [
      [other.id, expiry, nonce, signature],
      [id, String(Number(expiry) + 1), nonce, signature],
      [id, expiry, 'A'.repeat(16), signature],
      [id, expiry, nonce, otherGrant.split('.')[3]],
      [id, expiry, nonce, ''],
      [id, expiry, nonce],
      [id],
    ].map((parts) => parts.join('.'))
    for (const one of forged) expect(await statusesOf(one), one).toEqual(all(404))
    // A view counts for the share of its grant only.
    expect((await client.countView(token, otherGrant)).status).toBe(404)
    expect((await client.countView(token, forged[0]!)).status).toBe(404)
  })

  it('is neither listed, changed nor revoked by another user', async () => {
    const { id } = await client.share(videoId)
    const before = await database.db.share.findUniqueOrThrow({ where: { id } })
    const change = { method: 'PATCH', body: JSON.stringify({ password: null, isDownloadAllowed: true }) }
    const init = { method: 'POST', body: '{}' }
    for (const response of [
      await eve.fetch(`/api/v1/videos/${videoId}/shares`),
      await eve.fetch(`/api/v1/videos/${videoId}/shares`, init),
      await eve.fetch(`/api/v1/shares/${id}`, change),
      await eve.fetch(`/api/v1/shares/${id}`, { method: 'DELETE' }),
    ])
      expect(response.status).toBe(404)
    expect(await database.db.share.findUniqueOrThrow({ where: { id } })).toEqual(before)
  })
})

describe('a password', () => {
  const password = 'correct-horse'

  it('is needed before anything of the video is shown, and is not stored in the clear', async () => {
    const { token, id } = await client.share(videoId, { password })
    const page = await (await fetch(`${web.url}/s/${token}`)).text()
    expect(page).toContain('This link is protected')
    for (const secret of ['film', '/media/videos/', '/media/shares/']) expect(page).not.toContain(secret)
    expect(await readProblem(await client.open(token))).toMatchObject({ code: 'share.password_required' })
    expect(await readProblem(await client.open(token, 'wrong-horse'))).toMatchObject({
      status: 403,
      code: 'share.wrong_password',
    })
    const { passwordHash } = await database.db.share.findUniqueOrThrow({ where: { id } })
    expect(passwordHash).not.toContain(password)
    const opened = await client.open(token, password)
    expect(opened.status).toBe(200)
    const cookie = opened.headers.get('set-cookie')!
    expect(cookie).toContain(`Path=/s/${token}; Max-Age=21600; HttpOnly; SameSite=Lax`)
    const own = { headers: { cookie: cookie.split(';')[0]! } }
    expect(await (await fetch(`${web.url}/s/${token}`, own)).text()).toContain('film')
    // Another link does not accept it.
    const other = await client.share(videoId, { password })
    expect(await (await fetch(`${web.url}/s/${other.token}`, own)).text()).not.toContain('film')
  })

  it('cannot be guessed quickly, also not in parallel', async () => {
    const { token, id } = await client.share(videoId, { password })
    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, n) => client.open(token, `guess-${n}-guess`)),
    )
    const counts = Map.groupBy(guesses, ({ status }) => status)
    expect([counts.get(403)!.length, counts.get(429)!.length]).toEqual([10, 20])
    const late = await client.open(token, password)
    expect(late.status).toBe(429)
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(200)
    // Another address is not blocked by these.
    expect((await client.open(token, password, { 'x-forwarded-for': '198.51.100.7' })).status).toBe(200)
    await client.revoke(id)
  })

  it('ends the access of those who were given the previous one', async () => {
    const { token, id } = await client.share(videoId, { password })
    const { grant } = await client.openJson(token, password)
    expect(await statusesOf(grant)).toEqual(all(200))
    await client.change(id, { password: 'another-horse' })
    expect(await statusesOf(grant)).toEqual(all(404))
    const cookie = { headers: { cookie: `share=${grant}` } }
    expect(await (await fetch(`${web.url}/s/${token}`, cookie)).text()).not.toContain('film')
    await client.revoke(id)
  })
})

describe('a media URL', () => {
  const endings: [string, (share: ShareDto) => Promise<unknown>][] = [
    ['revoked', ({ id }) => client.revoke(id)],
    [
      'expired',
      ({ id }) => database.db.share.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1) } }),
    ],
  ]
  it.each(endings)('is dead at once when its link is %s', async (_, end) => {
    const share = await client.share(videoId)
    const { grant } = await client.openJson(share.token)
    expect(await statusesOf(grant)).toEqual(all(200))
    await end(share)
    expect(await statusesOf(grant)).toEqual(all(404))
    expect((await client.open(share.token)).status).toBe(404)
    expect((await client.countView(share.token, grant)).status).toBe(404)
    expect(await client.statusOf(`/s/${share.token}`)).toBe(404)
  })

  it('is dead while its owner is disabled', async () => {
    const { token } = await client.share(videoId)
    const { grant } = await client.openJson(token)
    const disable = (disabledAt: Date | null) =>
      database.db.user.update({ where: { email: ada.email }, data: { disabledAt } })
    await disable(new Date())
    expect(await statusesOf(grant)).toEqual(all(404))
    expect(await client.statusOf(`/s/${token}`)).toBe(404)
    await disable(null)
    expect(await statusesOf(grant)).toEqual(all(200))
  })

  it('of the original is dead when downloads are no longer allowed', async () => {
    const { token, id } = await client.share(videoId, { isDownloadAllowed: true })
    const { downloads } = await client.openJson(token)
    expect(downloads.map(({ name }) => name)).toEqual(['Original'])
    expect(await client.statusOf(downloads[0]!.url)).toBe(200)
    await client.change(id, { isDownloadAllowed: false })
    expect(await client.statusOf(downloads[0]!.url)).toBe(404)
  })
})

it('counts a view once per page, and stores nothing of the viewer', async () => {
  const { token, id } = await client.share(videoId)
  const [first, second] = [await client.openJson(token), await client.openJson(token)]
  const views = await Promise.all(Array.from({ length: 8 }, () => client.countView(token, first.grant)))
  expect(views.map(({ status }) => status)).toEqual(views.map(() => 204))
  await client.countView(token, second.grant)
  const row = await database.db.share.findUniqueOrThrow({ where: { id } })
  expect(row.viewCount).toBe(2)
  const counters = await database.db.attemptLimit.findMany({ where: { key: { startsWith: 'share-view/' } } })
  expect(JSON.stringify(counters)).not.toContain('127.0.0.1')
})

it('a video takes at most 50 links, and takes them with it', async () => {
  const id = await createPlayableVideo({ web, db: database.db, user: ada })
  const init = { method: 'POST', body: '{}' }
  const create = () => ada.fetch(`/api/v1/videos/${id}/shares`, init)
  const statuses = (await Promise.all(Array.from({ length: 55 }, create))).map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(50)
  expect(statuses.filter((status) => status === 409)).toHaveLength(5)
  const { token } = await client.share(videoId)
  await ada.fetch(`/api/v1/videos/${id}`, { method: 'DELETE' })
  expect(await database.db.share.count({ where: { videoId: id } })).toBe(0)
  expect((await client.open(token)).status).toBe(200)
})
