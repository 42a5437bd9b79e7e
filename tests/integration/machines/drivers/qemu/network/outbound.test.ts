import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PRIVATE_RANGES } from '@/lib/http/private-ranges'
import { listBlockedRanges } from '@/worker/machines/drivers/qemu/network/blocked-ranges'
import { withOutboundNetwork } from '@/worker/machines/drivers/qemu/network/outbound'
import { findOutboundProblem } from '@/worker/machines/drivers/qemu/network/outbound-problem'
import { startFakeInternet } from '@/tests/support/fake-internet'

const execFileAsync = promisify(execFile)

// Like tests/faults/machine-network.test.ts, with a program instead of QEMU. Requires root to create networks.
describe.runIf(process.getuid?.() === 0)('an outbound network', () => {
  let internet: Awaited<ReturnType<typeof startFakeInternet>>
  const server = createServer((_, response) => response.end('host'))
  let hostUrl: string
  beforeAll(async () => {
    internet = await startFakeInternet()
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
    hostUrl = `http://${internet.hostAddress}:${(server.address() as AddressInfo).port}/`
  })
  afterAll(async () => {
    server.close()
    await internet.close()
  })

  /** Fetches `urls` from inside the network; returns the bodies or the error codes. */
  async function fetchInside(urls: string[], blockedRanges: string[]) {
    const get = `(url) => fetch(url).then((response) => response.text(), (error) => error.cause.code)`
    const code = `Promise.all(${JSON.stringify(urls)}.map(${get})).then((all) => console.error('results:', JSON.stringify(all)))`
    const [file, ...args] = withOutboundNetwork([process.execPath, '-e', code], {
      log: '/dev/null',
      blockedRanges,
    })
    const { stderr } = await execFileAsync(file!, args, { timeout: 30_000 })
    return (JSON.parse(stderr.replace(/^[^]*results: /, '')) as string[]).map((result) => result.trim())
  }

  it('reaches the internet, and the host only on addresses that are not blocked', async () => {
    expect(await findOutboundProblem({ isConfined: true })).toBeNull()
    const { port } = new URL(hostUrl)
    const urls = [`http://${internet.serverAddress}/`, hostUrl]
    expect(await fetchInside(urls, [])).toEqual(['internet', 'host'])
    const loopbacks = [`http://127.0.0.1:${port}/`, `http://100.127.255.2:${port}/`]
    const responses = await fetchInside([...urls, ...loopbacks], await listBlockedRanges(PRIVATE_RANGES))
    expect(responses[0]).toBe('internet')
    for (const response of responses.slice(1)) expect(response).toMatch(/^E[A-Z]+$/)
  })

  it('leaves other network namespaces of the host intact', async () => {
    expect(await internet.fetchFrom(hostUrl)).toBe('host')
  })
})
