import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { evalArgs } from '@/tests/support/eval-args'
import { startWeb, type Web } from '@/tests/support/web'

const OWN_ADDRESS = '52.1.2.3'
const ON_LINK_ADDRESS = '52.1.2.77'
const UNRELATED_ADDRESS = '52.7.7.7'

/**
 * Requests files on a computer of its own (a network namespace) with public addresses and a service on all of them. The last
 * one is reached by a name that has a public address when it is first resolved, and a private one afterwards.
 */
function openFromPublicServer(env: Record<string, string> = {}) {
  const code = `
    import dns from 'node:dns'
    import { syncBuiltinESMExports } from 'node:module'
    import { createServer } from 'node:http'
    const server = createServer((request, response) => {
      if (request.url === '/again') return response.writeHead(302, { location: 'http://rebound.example:8080/' }).end()
      response.end('internal secret')
    })
    await new Promise((resolve) => server.listen(8080, '0.0.0.0', resolve))
    let lookups = 0
    dns.lookup = (hostname, options, done) => {
      const address = lookups++ === 0 ? '${UNRELATED_ADDRESS}' : '127.0.0.1'
      done(null, [{ address, family: 4 }])
    }
    syncBuiltinESMExports()
    const { openUrl } = await import('./worker/imports/open-url.ts')
    const open = (url) =>
      openUrl(url, { resume: null, signal: new AbortController().signal, responseTimeoutMs: 5000 }).then(
        ({ body }) => (body.destroy(), 'opened'),
        (error) => error.code,
      )
    const results = []
    for (const address of ${JSON.stringify([OWN_ADDRESS, ON_LINK_ADDRESS, UNRELATED_ADDRESS])})
      results.push(await open('http://' + address + ':8080/'))
    results.push(await open('http://rebound.example:8080/again'))
    console.log(JSON.stringify(results))
    server.closeAllConnections()
    server.close()`
  // A route makes the unrelated address answer without being an address of an interface.
  const setup = [
    'ip link set lo up',
    `ip address add ${OWN_ADDRESS}/24 dev lo`,
    `ip route add local ${UNRELATED_ADDRESS} dev lo`,
    'exec "$0" "$@"',
  ].join(' && ')
  const args = ['--net', 'sh', '-c', setup, process.execPath, ...evalArgs(code)]
  const output = execFileSync('unshare', args, {
    encoding: 'utf8',
    env: { ...process.env, IMPORT_ALLOW_PRIVATE: '', ...env },
    timeout: 60_000,
  })
  const [own, onLink, unrelated, rebound] = JSON.parse(output) as unknown[]
  return { own, onLink, unrelated, rebound }
}

const REFUSED = 'import.address_refused'

describe('an import', () => {
  it('reaches public addresses only, at every redirect and every resolution of a name', () => {
    expect(openFromPublicServer()).toEqual({
      own: REFUSED,
      onLink: REFUSED,
      unrelated: 'opened',
      rebound: REFUSED,
    })
  })

  it('is refused at the address of PUBLIC_URL, which no interface has behind address translation', () => {
    expect(openFromPublicServer({ PUBLIC_URL: `https://${UNRELATED_ADDRESS}` }).unrelated).toBe(REFUSED)
  })

  it('is accepted if the operator allows its network', () => {
    const { own, onLink } = openFromPublicServer({ IMPORT_ALLOW_PRIVATE: '52.1.2.0/24' })
    expect({ own, onLink }).toEqual({ own: 'opened', onLink: 'opened' })
  })
})

describe('imports', () => {
  const database = useDatabase()
  let web: Web
  let eve: TestUser
  beforeAll(async () => {
    web = await startWeb({ databaseUrl: database.url, env: { UPLOAD_MAX_OPEN: '1000' } })
    eve = await web.createUser('eve@example.com')
  })
  afterAll(() => web.stop())

  it('are limited per user, with Retry-After', async () => {
    const send = () =>
      eve.fetch('/api/v1/imports', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ url: 'https://example.com/film.mp4' }),
      })
    const responses = await Promise.all(Array.from({ length: 80 }, send))
    const refused = responses.filter(({ status }) => status === 429)
    expect(refused.length).toBe(20)
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
