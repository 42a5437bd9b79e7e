// Over 200 lines because all tests share one driver, one template and one simulated internet.

import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { listProcessIds } from '@/worker/machines/drivers/qemu/state/processes'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { createMachineWithResolver } from '@/tests/support/create-machine-with-resolver'
import { useQemuFixture } from '@/tests/support/qemu-fixture'
import { startFakeInternet, startResolver } from '@/tests/support/fake-internet'
import { neverAborted } from '@/tests/support/never-aborted'

// Requires root to create networks.
describe.runIf(process.getuid?.() === 0)('the network of a machine', () => {
  const fixture = useQemuFixture()
  let internet: Awaited<ReturnType<typeof startFakeInternet>>
  /** Returns those of `addresses` (host:port) that accept a TCP connection from the machine. */
  async function findReachable(id: string, addresses: string[]) {
    const attempts = addresses.map((address) => {
      const [host, port] = address.split(':')
      return `echo | nc -w 2 ${host} ${port} >/tmp/reply 2>/dev/null && echo ${address}`
    })
    const { output } = await fixture.runScript(id, attempts.join('\n'), 120_000)
    return output.split('\n').filter(Boolean)
  }

  beforeAll(async () => {
    internet = await startFakeInternet()
    expect(await fixture.hypervisor.describe()).toMatchObject({ outboundProblem: null })
  })
  afterAll(async () => {
    for (const id of (await fixture.hypervisor.observeAll()).keys()) await fixture.hypervisor.destroy(id)
    await internet.close()
  })

  it('reaches the internet if outbound, but no address of the host or of other machines', async () => {
    const [id, other] = await Promise.all([
      fixture.createMachine({ network: 'outbound' }),
      fixture.createMachine({ network: 'outbound' }),
    ])
    const page = await fixture.runScript(id, `timeout 5 wget -q -O - http://${internet.serverAddress}/`)
    expect(page).toEqual({ exitCode: 0, output: 'internet ' })

    let requestCount = 0
    const server = createServer((_, response) => response.end(`host ${++requestCount}`))
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
    const { port } = server.address() as AddressInfo
    // Other computers can reach the server.
    expect(await internet.fetchFrom(`http://${internet.hostAddress}:${port}/`)).toBe('host 1')
    const postgres = new URL(inject('templateUrl')).port
    await fixture.runScript(other, 'httpd -p 8080 -h /etc')
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
    const hosts = addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address)
    expect(hosts).toContain(internet.hostAddress)
    const closed = [
      ...['10.0.2.2', '127.0.0.1', '100.127.255.2', '100.127.255.3', '0.0.0.0'].flatMap((host) => [
        `${host}:${postgres}`,
        `${host}:${port}`,
      ]),
      ...hosts.map((host) => `${host}:${port}`),
      ...['10.0.2.15', '100.127.255.100'].map((host) => `${host}:8080`),
    ]
    expect(await findReachable(id, [...closed, `${internet.serverAddress}:80`])).toEqual([
      `${internet.serverAddress}:80`,
    ])

    expect(requestCount).toBe(1)

    const later = '198.51.100.9'
    internet.addAddress(later)
    await expect
      .poll(() => findReachable(id, [`${later}:${port}`]), { timeout: 30_000, interval: 500 })
      .toEqual([])
    const before = requestCount
    expect(await findReachable(other, [`${later}:${port}`, `${internet.serverAddress}:80`])).toEqual([
      `${internet.serverAddress}:80`,
    ])
    expect(requestCount).toBe(before)
    server.close()

    const used = await fixture.hypervisor.readUsage(id)
    await fixture.runScript(id, `wget -q -O /dev/null http://${internet.serverAddress}/big`)
    const now = await fixture.hypervisor.readUsage(id)
    expect(now.networkReceivedBytes - used.networkReceivedBytes).toBeGreaterThan(internet.pageBytes)
    expect(now.networkSentBytes).toBeGreaterThan(used.networkSentBytes)
    await fixture.hypervisor.destroy(id)
    await fixture.hypervisor.destroy(other)
  })

  it('reaches nothing without outbound access', async () => {
    const id = await fixture.createMachine()
    const setup =
      'ip address add 10.0.2.15/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.2.2\n'
    await fixture.runScript(id, setup)
    expect(
      await findReachable(id, [`${internet.serverAddress}:80`, `${internet.hostAddress}:22`, '10.0.2.3:53']),
    ).toEqual([])
    expect(await fixture.hypervisor.readUsage(id)).toMatchObject({
      networkReceivedBytes: 0,
      networkSentBytes: 0,
    })
    await fixture.hypervisor.destroy(id)
  })

  it('resolves names even when the resolver of the host listens on its loopback interface', async () => {
    const resolver = await startResolver(internet.serverAddress)
    const spec = createMachineSpec({ network: 'outbound' })
    await createMachineWithResolver({ dataDir: fixture.dataDir, spec, resolver: resolver.address })
    const page = await fixture.runScript(spec.id, 'timeout 5 wget -q -O - http://any.example/')
    expect(page).toEqual({ exitCode: 0, output: 'internet ' })
    expect(await findReachable(spec.id, [`${resolver.address}:53`])).toEqual([])
    await fixture.hypervisor.destroy(spec.id)
    resolver.close()
  })

  it('is restored after slirp4netns was killed, while the machine keeps running', async () => {
    const id = await fixture.createMachine({ network: 'outbound' })
    const session = await readSessionId((await listProcessIds(id))[0]!)
    const fetchPage = () => fixture.runScript(id, `timeout 5 wget -q -O - http://${internet.serverAddress}/`)
    const before = await fixture.hypervisor.observe(id)
    const pids = await listProcessIds(id)
    await fixture.runScript(id, 'sleep 1000 & echo $! >/run/pid')
    const [slirp] = (await findSessionMembers(session)).filter(({ name }) => name === 'slirp4netns')
    process.kill(slirp!.pid, 'SIGKILL')
    const impaired = { ...before, reason: expect.stringContaining('No internet access') }
    await expect.poll(() => fixture.hypervisor.observe(id), { timeout: 5_000 }).toEqual(impaired)
    expect((await fetchPage()).exitCode).not.toBe(0)

    // A new driver, like that of a restarted worker.
    const next = await fixture.open()
    await next.repair(id)
    expect(await next.observe(id)).toEqual(before)
    expect((await fetchPage()).output).toBe('internet ')
    expect((await fixture.runScript(id, 'kill -0 $(cat /run/pid)')).exitCode).toBe(0)
    expect(await listProcessIds(id)).toEqual(expect.arrayContaining(pids))
    // Blocked addresses are still blocked, and all processes belong to the machine.
    const server = createServer((_, response) => response.end('host'))
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
    const { port } = server.address() as AddressInfo
    const closed = [`${internet.hostAddress}:${port}`, `10.0.2.2:${port}`, `100.127.255.2:${port}`]
    expect(await findReachable(id, [...closed, `${internet.serverAddress}:80`])).toEqual([
      `${internet.serverAddress}:80`,
    ])
    server.close()
    await next.repair(id)
    const added = (await listProcessIds(id)).filter((pid) => !pids.includes(pid))
    expect(added).toHaveLength(1)
    const again = await readSessionId(added[0]!)
    expect((await findSessionMembers(again)).map(({ name }) => name).sort()).toEqual(['sh', 'slirp4netns'])
    await next.close()

    // The new slirp4netns ends with the machine, and can be replaced again.
    const second = (await findSessionMembers(again)).find(({ name }) => name === 'slirp4netns')!
    process.kill(second.pid, 'SIGKILL')
    await expect.poll(() => fixture.hypervisor.observe(id), { timeout: 5_000 }).toEqual(impaired)
    await fixture.hypervisor.repair(id)
    expect((await fetchPage()).output).toBe('internet ')
    const third = (await listProcessIds(id)).filter((pid) => !pids.includes(pid))
    const last = await readSessionId(third[0]!)
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await expect.poll(() => findSessionMembers(last), { timeout: 5_000 }).toEqual([])
    await fixture.hypervisor.destroy(id)
  })

  it('outlives its worker, works after a restart and ends with the machine', async () => {
    const spec = createMachineSpec({ network: 'outbound' })
    const { id } = spec
    const fetchPage = () => fixture.runScript(id, `timeout 5 wget -q -O - http://${internet.serverAddress}/`)
    const first = await fixture.open()
    await first.create(spec, { signal: neverAborted })
    await first.close()
    expect((await fetchPage()).output).toBe('internet ')
    await fixture.hypervisor.stop(id, { graceMs: 10_000, signal: neverAborted })
    await fixture.hypervisor.start(id, { signal: neverAborted })
    expect((await fetchPage()).output).toBe('internet ')
    const session = await readSessionId((await listProcessIds(id))[0]!)
    const names = async () =>
      (await findSessionMembers(session)).map(({ name }) => name).filter((name) => name === 'slirp4netns')
    expect((await names()).length).toBeGreaterThan(0)
    // Killed one by one, not as a process group.
    for (const pid of await listProcessIds(id)) process.kill(pid, 'SIGKILL')
    await expect.poll(() => findSessionMembers(session), { timeout: 5_000 }).toEqual([])
    await fixture.hypervisor.start(id, { signal: neverAborted })
    const again = await readSessionId((await listProcessIds(id))[0]!)
    await fixture.hypervisor.destroy(id)
    await expect.poll(() => findSessionMembers(again), { timeout: 5_000 }).toEqual([])
  })
})

const readProcessStat = async (pid: number | string) => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [, name = ''] = /\((.*)\)/.exec(text) ?? []
  return { pid: Number(pid), name, fields: text.slice(text.lastIndexOf(')') + 2).split(' ') }
}
const readSessionId = async (pid: number) => (await readProcessStat(pid)).fields[3]!

async function findSessionMembers(session: string) {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const all = await Promise.all(pids.map(readProcessStat))
  return all.filter(({ fields }) => fields[3] === session && fields[0] !== 'Z')
}
