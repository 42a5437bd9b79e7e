import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listBuilds } from '@/scripts/web-build.mjs'
import { useDatabase } from '@/tests/support/database'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let files: string[]

beforeAll(async () => {
  web = await startWeb({ databaseUrl: database.url })
  const html = await (await fetch(`${web.url}/sign-in`)).text()
  files = [...html.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]!)
})
afterAll(() => web.stop())

/** The response as it was sent: `fetch` would decompress it. */
async function get(at: string, encoding: string, method = 'GET') {
  const [response] = await once(
    request(new URL(at, web.url), { method, headers: { 'accept-encoding': encoding } }).end(),
    'response',
  )
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) }
}

it('scripts and styles are sent with Brotli to clients that accept it', async () => {
  expect(files.some((file) => file.endsWith('.js'))).toBe(true)
  expect(files.some((file) => file.endsWith('.css'))).toBe(true)
  for (const file of files) {
    const plain = await get(file, 'identity')
    const compressed = await get(file, 'gzip, deflate, br, zstd')
    expect(compressed.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': plain.headers['content-type'],
      'cache-control': plain.headers['cache-control'],
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    })
    for (const unneeded of ['permissions-policy', 'connection', 'keep-alive'])
      expect(compressed.headers).not.toHaveProperty(unneeded)
    expect(brotliDecompressSync(compressed.body)).toEqual(plain.body)
    const head = await get(file, 'br', 'HEAD')
    expect(head.headers['content-length']).toBe(String(compressed.body.length))
    expect(head.body).toHaveLength(0)
  }
})

it.each(['gzip, deflate', 'gzip, br;q=0', ''])(
  'no Brotli is sent to a client that accepts "%s"',
  async (accepted) => {
    for (const file of files) {
      const { status, headers } = await get(file, accepted)
      expect(status).toBe(200)
      expect(headers['content-encoding']).not.toBe('br')
    }
  },
)

it.each(['/_next/static/..%2f..%2fsign-in', '/_next/static/none.svg'])(
  'the path %s has the headers of data',
  async (at) => {
    expect((await get(at, 'br')).headers['content-security-policy']).toContain("default-src 'none'")
  },
)

it('a path outside the build is not found', async () => {
  for (const at of ['/_next/static/../BUILD_ID', '/_next/static/none.js', '/_next/BUILD_ID'])
    expect((await get(at, 'br')).status).toBe(404)
})

it('no script contains schemas, which are large and try to evaluate code', () => {
  const scripts = globSync(`${listBuilds()[0]}/static/chunks/**/*.js`)
  expect(scripts.length).toBeGreaterThan(10)
  // A setting of zod.
  expect(scripts.filter((script) => readFileSync(script, 'utf8').includes('jitless'))).toEqual([])
})
