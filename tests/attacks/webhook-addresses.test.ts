import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestUser } from '@/tests/support/accounts'
import { useDatabase } from '@/tests/support/database'
import { evalArgs } from '@/tests/support/eval-args'
import { startWeb, type Web } from '@/tests/support/web'

const OWN_ADDRESS = '52.1.2.3'
const ON_LINK_ADDRESS = '52.1.2.77'
const UNRELATED_ADDRESS = '52.7.7.7'

/** Posts webhooks on a computer of its own (a network namespace) with public addresses and a service on all of them. */
function postFromPublicServer(env: Record<string, string> = {}) {
  const addresses = [OWN_ADDRESS, ON_LINK_ADDRESS, UNRELATED_ADDRESS]
  const code = `
    import { createServer } from 'node:http'
    import { postWebhook } from './worker/webhooks/post-webhook.ts'
    const server = createServer((request, response) => response.end('internal secret'))
    await new Promise((resolve) => server.listen(8080, '0.0.0.0', resolve))
    const post = (address) =>
      postWebhook({ url: 'http://' + address + ':8080/', body: '{}', headers: {}, signal: new AbortController().signal })
        .catch((error) => error.code)
    console.log(JSON.stringify(await Promise.all(${JSON.stringify(addresses)}.map(post))))
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
    env: { ...process.env, WEBHOOK_ALLOW_PRIVATE: '', ...env },
    timeout: 60_000,
  })
  const [own, onLink, unrelated] = JSON.parse(output) as unknown[]
  return { own, onLink, unrelated }
}

describe('a webhook to a public address of this server', () => {
  const delivered = { status: 200 }

  it('is refused, also for other addresses on its networks, and shows no response body', () => {
    expect(postFromPublicServer()).toEqual({
      own: 'webhook.address_refused',
      onLink: 'webhook.address_refused',
      unrelated: delivered,
    })
  })

  it('is refused at the address of PUBLIC_URL, which no interface has behind address translation', () => {
    const { unrelated } = postFromPublicServer({ PUBLIC_URL: `https://${UNRELATED_ADDRESS}` })
    expect(unrelated).toBe('webhook.address_refused')
  })

  it('is delivered if the operator allows its network', () => {
    const { own, onLink } = postFromPublicServer({ WEBHOOK_ALLOW_PRIVATE: '52.1.2.0/24' })
    expect({ own, onLink }).toEqual({ own: delivered, onLink: delivered })
  })
})

describe('tests and replays of a webhook', () => {
  const database = useDatabase()
  let processes: Web[]
  let eve: TestUser
  let other: TestUser

  beforeAll(async () => {
    processes = await Promise.all([1, 2].map(() => startWeb({ databaseUrl: database.url })))
    eve = await processes[0]!.createUser('eve@example.com', { isAdmin: true })
    other = await processes[0]!.createUser('other@example.com')
  })
  afterAll(() => Promise.all(processes.map((web) => web.stop())))

  const addWebhook = (user: TestUser) =>
    user.fetchJson<{ id: string }>('/api/v1/webhooks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: 'https://example.com/hook' }),
    })

  it('are limited per user across all web processes, with Retry-After', async () => {
    const { id } = await addWebhook(eve)
    const headers = { authorization: `Bearer ${eve.key}` }
    const send = (n: number) =>
      fetch(`${processes[n % 2]!.url}/api/v1/webhooks/${id}/test`, { method: 'POST', headers })
    const responses = await Promise.all(Array.from({ length: 60 }, (_, n) => send(n)))
    const statuses = responses.map(({ status }) => status)
    // The allowance refills by one every two seconds.
    expect(statuses.filter((status) => status === 202).length).toBeLessThan(40)
    const refused = responses.find(({ status }) => status === 429)!
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ code: 'rate.limited' })
    const mine = await addWebhook(other)
    const { status } = await other.fetch(`/api/v1/webhooks/${mine.id}/test`, { method: 'POST' })
    expect(status).toBe(202)
  })
})
