import { afterAll, beforeAll, expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'
import { signIn } from '@/tests/support/sign-in'
import { startWeb, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web

beforeAll(async () => {
  web = await startWeb({
    databaseUrl: database.url,
    // As ProtectSystem=strict of deploy/systemd: only the data folder and a private /tmp can be written.
    runBy: (dataDir) => {
      const root = process.cwd()
      const mounts = `--ro-bind / / --dev /dev --proc /proc --tmpfs /tmp --ro-bind ${root} ${root} --bind ${dataDir} ${dataDir}`
      return ['bwrap', '--die-with-parent', ...mounts.split(' '), '--chdir', root, '--']
    },
  })
})
afterAll(() => web?.stop())

it('serves all kinds of pages from an installation that it cannot write to', { tags: 'full' }, async () => {
  const cookie = await signIn({ web, user: await web.createUser('ada@example.com') })
  for (const page of [
    '/',
    '/sign-in',
    '/docs/api',
    '/videos',
    '/missing',
    '/s/missing',
    '/embed/missing',
    '/icons/192.png',
  ])
    // The second response may come from what the first one has cached.
    for (const headers of [{}, {}, { cookie }, { cookie }] as Record<string, string>[])
      expect((await fetch(`${web.url}${page}`, { headers })).status, page).toBeLessThan(500)
  const image = `${web.url}/_next/image?url=${encodeURIComponent('/icons/192.png')}&w=64&q=75`
  // Images are not resized on request.
  expect((await fetch(image)).status).toBe(404)
  expect(web.errorLines).toEqual([])
})
