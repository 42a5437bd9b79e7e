import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OEmbedDto } from '@/lib/shares/schema'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'
import { createPlayableVideo, createShareClient } from '@/tests/support/shared-video-fixture'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let ada: TestUser
let videoId: string
let client: ReturnType<typeof createShareClient>

beforeAll(async () => {
  web = await startWeb({
    databaseUrl: database.url,
    env: { SHARE_EMBED_ORIGINS: 'https://example.com https://*.example.org' },
  })
  ada = await web.createUser('ada@example.com')
  videoId = await createPlayableVideo({ web, db: database.db, user: ada })
  client = createShareClient(web, ada)
})
afterAll(() => web.stop())

const readPage = async (at: string) => (await fetch(new URL(at, web.url))).text()

it('shares a video until the link is revoked', async () => {
  const { id, url, token } = await client.share(videoId)
  expect(url).toBe(`${web.url}/s/${token}`)
  expect(await readPage(url)).toContain('film')
  const { urls, grant } = await client.openJson(token)
  const master = await readPage(urls.hls)
  expect(master).toContain('360p/index.m3u8')
  expect(await readPage(new URL('360p/0.m4s', web.url + urls.hls).href)).toBe('segment')
  await client.countView(token, grant)
  const list = await ada.fetchJson<{ shares: object[] }>(`/api/v1/videos/${videoId}/shares`)
  expect(list.shares).toMatchObject([{ id, url, viewCount: 1, hasPassword: false, isExpired: false }])
  expect((await client.revoke(id)).status).toBe(204)
  expect(await client.statusOf(url)).toBe(404)
  expect(await client.statusOf(urls.hls)).toBe(404)
})

it('needs the password until it is removed', async () => {
  const { id, token } = await client.share(videoId, { password: 'correct-horse' })
  expect(await readProblem(await client.open(token, 'wrong-horse'))).toMatchObject({
    code: 'share.wrong_password',
  })
  expect((await client.open(token, 'correct-horse')).status).toBe(200)
  // Other settings leave it as it is.
  await client.change(id, { isDownloadAllowed: true })
  expect((await client.open(token, 'correct-horse')).status).toBe(200)
  await client.change(id, { password: null })
  expect((await client.open(token)).status).toBe(200)
})

it('refuses short passwords and past times', async () => {
  for (const settings of [
    { password: 'short' },
    { expiresAt: '2020-01-01T00:00:00Z' },
    { visibility: 'x' },
  ]) {
    const init = { method: 'POST', body: JSON.stringify(settings) }
    expect((await ada.fetch(`/api/v1/videos/${videoId}/shares`, init)).status).toBe(400)
  }
})

it('describes a link for previews and search engines, but not one with a password', async () => {
  const { url, token, id } = await client.share(videoId)
  const poster = `${web.url}/media/shares/${token}/poster.jpg`
  const page = await readPage(url)
  expect(page).toContain('<meta name="robots" content="noindex"/>')
  expect(page).toContain(`<meta property="og:image" content="${poster}"/>`)
  expect(page).toContain('<meta property="og:title" content="film"/>')
  const preview = await fetch(poster)
  expect([preview.status, preview.headers.get('cross-origin-resource-policy')]).toEqual([200, 'cross-origin'])
  expect(await client.statusOf(`/media/shares/${token}/hls/master.m3u8`)).toBe(404)

  await client.change(id, { visibility: 'public' })
  expect(await readPage(url)).toContain('<meta name="robots" content="index"/>')

  await client.change(id, { password: 'correct-horse' })
  const locked = await readPage(url)
  for (const hidden of ['film', 'og:', 'oembed']) expect(locked).not.toContain(hidden)
  expect(await client.statusOf(poster)).toBe(404)
  expect((await fetch(`${web.url}/api/oembed?url=${encodeURIComponent(url)}`)).status).toBe(404)
})

it('answers oEmbed requests within the limits of the site', async () => {
  const { url, embedUrl } = await client.share(videoId)
  await database.db.video.update({ where: { id: videoId }, data: { width: 1920, height: 1080 } })
  const query = new URLSearchParams({ url: `${url}?t=5`, format: 'json', maxwidth: '320', maxheight: '90' })
  const reply = (await (await fetch(`${web.url}/api/oembed?${query}`)).json()) as OEmbedDto
  expect(reply).toMatchObject({ version: '1.0', type: 'video', title: 'film', width: 160, height: 90 })
  expect(reply).toMatchObject({ thumbnail_width: 1280, thumbnail_height: 720 })
  expect(reply.html).toContain(`<iframe src="${embedUrl}" title="film" width="160" height="90"`)
  for (const other of [
    `${web.url}/videos/${videoId}`,
    `https://evil.example/s/${url.split('/').at(-1)}`,
    'x',
  ])
    expect((await fetch(`${web.url}/api/oembed?url=${encodeURIComponent(other)}`)).status).toBe(404)
})

it('lets only the configured sites frame the player, and no site any other page', async () => {
  const { url, embedUrl } = await client.share(videoId)
  const framing = async (at: string) => {
    const { headers } = await fetch(new URL(at, web.url))
    const ancestors = /frame-ancestors ([^;]+)/.exec(headers.get('content-security-policy')!)![1]
    return [ancestors, headers.get('x-frame-options')]
  }
  expect(await framing(embedUrl!)).toEqual(['https://example.com https://*.example.org', null])
  for (const at of [
    url,
    '/sign-in',
    '/embed/x',
    `${embedUrl}/..%2f..%2faccount`,
    `${embedUrl}%2f..%2faccount`,
  ])
    expect(await framing(at), at).toEqual(["'none'", 'DENY'])
})
