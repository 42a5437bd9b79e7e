import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ConnectionLimiter } from '@/worker/machines/host/ports/connection-limiter'
import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
import { listProcessIds } from '@/worker/machines/drivers/qemu/state/processes'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { useQemuFixture } from '@/tests/support/qemu-fixture'
import { rejectionOf } from '@/tests/support/rejection-of'

const fixture = useQemuFixture()

describe('a machine restored from a template', () => {
  it('has its own identity', async () => {
    const ids = await Promise.all([
      fixture.createMachine({ hostname: 'one' }),
      fixture.createMachine({ hostname: 'two' }),
    ])
    const facts =
      'hostname; cat /etc/machine-id /sys/class/net/eth0/address; head -c 16 /dev/urandom | md5sum; cat /proc/sys/kernel/random/uuid /proc/sys/kernel/random/boot_id'
    const [one, two] = await Promise.all(
      ids.map(async (id) => (await fixture.runScript(id, facts)).output.split('\n')),
    )
    expect(one).toHaveLength(7)
    for (const [n, fact] of one!.slice(0, 6).entries()) expect(fact).not.toBe(two![n])
    expect(one![1]).toBe(ids[0]!.replaceAll('-', ''))
    for (const id of ids) {
      const { output } = await fixture.runScript(id, 'date +%s')
      expect(Math.abs(Number(output) - Date.now() / 1000)).toBeLessThan(3)
      await fixture.hypervisor.destroy(id)
    }
  })

  it('accepts more SSH keys than fit into one read of the control channel', async () => {
    const sshKeys = Array.from(
      { length: 20 },
      (_, n) => `ssh-rsa ${'A'.repeat(1_000)}${n} Ada’s “laptop” (${n}); $(id)`,
    )
    const id = await fixture.createMachine({ sshKeys })
    const { output } = await fixture.runScript(id, 'cat /root/.ssh/authorized_keys')
    expect(output).toBe(`${sshKeys.join('\n')}\n`)
  })

  it('has a console where Ctrl+C interrupts the program but not the shell', async () => {
    const id = await fixture.createMachine()
    const shell = async () =>
      /shell (\d+)/.exec(await fixture.typeIntoConsole(id, 'echo shell $$', /shell \d+/))![1]
    const before = await shell()
    await fixture.typeIntoConsole(id, 'sleep 1000', /sleep/)
    await fixture.typeIntoConsole(id, '\u0003', /\^C/)
    await fixture.typeIntoConsole(id, '\u0003', /\^C/)
    expect(await shell()).toBe(before)
  })

  it('mounts its backing files read-only and keeps its folder private', async () => {
    const id = await fixture.createMachine()
    const pids = await listProcessIds(id)
    expect(pids[0]).toBeGreaterThan(1)
    const mounts = await readFile(`/proc/${pids.at(-1)}/mounts`, 'utf8')
    const imageMounts = mounts.split('\n').filter((line) => line.includes('images/'))
    expect(imageMounts.length).toBeGreaterThan(0)
    for (const line of imageMounts) expect(line.split(' ')[3]).toMatch(/^ro/)
    expect((await stat(fixture.machineDir(id))).mode & 0o77).toBe(0)
    await fixture.hypervisor.destroy(id)
  })
})

describe('a running machine', () => {
  let id: string
  beforeAll(async () => {
    id = await fixture.createMachine()
  })
  afterAll(() => fixture.hypervisor.destroy(id))

  it('cannot reach the loopback interface or the network of the host', async () => {
    let requestCount = 0
    const server = createServer((_, response) => response.end(String(requestCount++)))
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
    const { port } = server.address() as AddressInfo
    const setup =
      'ip address add 10.0.2.15/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.2.2\n'
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
    const hosts = addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address)
    const requests = ['10.0.2.2', ...hosts].map(
      (host) => `timeout 2 wget -q -O - http://${host}:${port}/ && echo REACHED`,
    )
    const { output } = await fixture.runScript(id, setup + requests.join('\n'), 60_000)
    expect(output).not.toContain('REACHED')
    expect(requestCount).toBe(0)
    server.close()
  })

  it('gets no outbound network without the sandbox, which would expose the host', async () => {
    const unconfined = await QemuHypervisor.open({
      hostId: 'host',
      dataDir: fixture.dataDir,
      isConfined: false,
      answerMs: 90_000,
    })
    const spec = createMachineSpec({ network: 'outbound' })
    expect(await rejectionOf(unconfined.create(spec, { signal: neverAborted }))).toMatchObject({
      code: 'machine.network_unavailable',
      message: expect.stringContaining('sandbox is turned off'),
    })
    expect([...(await unconfined.observeAll()).keys()]).not.toContain(spec.id)
    await unconfined.close()
  })

  it('exposes its services only through this process', async () => {
    await fixture.runScript(
      id,
      'mkdir -p /srv && echo hello >/srv/index.html && httpd -p 127.0.0.1:8080 -h /srv',
    )
    const connection = await fixture.hypervisor.connect(id, 8080)
    connection.write('GET / HTTP/1.0\r\n\r\n')
    let response = ''
    for await (const chunk of connection) response += String(chunk)
    expect(response).toMatch(/^HTTP\/1\.\d 200 [^]*hello\n$/)
    const direct = connect(8080, '127.0.0.1')
    expect(await rejectionOf(once(direct, 'connect'))).toMatchObject({ code: 'ECONNREFUSED' })
    const refused = await fixture.hypervisor.connect(id, 9)
    expect(await rejectionOf(once(refused.resume(), 'end'))).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('queues connections beyond its limit', async () => {
    await fixture.runScript(
      id,
      'mkdir -p /srv && echo many >/srv/index.html; httpd -p 127.0.0.1:8081 -h /srv',
    )
    const connections = new ConnectionLimiter(fixture.hypervisor)
    const responses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const connection = await connections.connect(id, 8081)
        connection.write('GET / HTTP/1.0\r\n\r\n')
        return text(connection)
      }),
    )
    for (const response of responses) expect(response).toMatch(/many\n$/)
  })

  it('streams a large output without buffering it in memory', async () => {
    let bytes = 0
    const onOutput = (chunk: Buffer) => void (bytes += chunk.length)
    const script = 'dd if=/dev/zero bs=64k count=16384 2>/dev/null'
    const before = process.memoryUsage().rss
    expect(
      await fixture.hypervisor.execute(id, { script, timeoutMs: 250_000, signal: neverAborted, onOutput }),
    ).toEqual({
      exitCode: 0,
    })
    expect(bytes).toBe(1024 ** 3)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 ** 2)
  })

  it('fails a script on its full disk, and leaves no process of a killed script', async () => {
    const { exitCode, output } = await fixture.runScript(
      id,
      'dd if=/dev/zero of=/big bs=1M count=2000',
      60_000,
    )
    expect({ exitCode, output }).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('No space left'),
    })
    await fixture.runScript(id, 'rm /big')
    expect(await rejectionOf(fixture.runScript(id, 'while :; do sleep 12345; done', 500))).toMatchObject({
      code: 'machine.script_timeout',
    })
    await vi.waitFor(async () => expect((await fixture.runScript(id, 'pidof sleep')).output).toBe(''), {
      timeout: 10_000,
    })
  })
})
