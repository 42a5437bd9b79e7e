import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import { startFakeInternet } from '@/tests/support/fake-internet'
import { runScriptIn } from '@/tests/support/guest-commands'
import { startLxdServer } from '@/tests/support/lxd-server'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { rejectionOf } from '@/tests/support/rejection-of'
import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'
import type { IncusSettings } from '@/worker/machines/drivers/incus/incus-settings'
import type { MachineSpec } from '@/worker/machines/hypervisor'

const server = await startLxdServer()
const certificateDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-incus-'))
afterAll(async () => {
  await server?.stop()
  await rm(certificateDir, { recursive: true, force: true })
})

describe.skipIf(!server)('a machine of a cluster', () => {
  const opened: IncusHypervisor[] = []
  const open = (more: Partial<IncusSettings> = {}) => {
    const driver = new IncusHypervisor({
      url: server!.socketUrl,
      installationId: 'devices',
      certificateDir,
      project: 'default',
      profile: 'default',
      answerMs: 30_000,
      ...more,
    })
    opened.push(driver)
    return driver
  }
  const create = async (driver: IncusHypervisor, more: Partial<MachineSpec> = {}) => {
    const spec = createMachineSpec(more)
    await driver.create(spec, { signal: neverAborted })
    return spec.id
  }
  afterEach(async () => {
    for (const driver of opened.splice(0)) {
      for (const id of (await driver.observeAll()).keys()) await driver.destroy(id)
      await driver.close()
    }
  })

  it('reports the progress of its creation', async () => {
    const driver = open()
    const steps: string[] = []
    const onStage = (stage: string, progress = 0, step = '') => {
      if (step) steps.push(`${stage} ${progress >= 0 && progress <= 1} ${step}`)
    }
    await driver.create(createMachineSpec(), { signal: neverAborted, onStage })
    expect(steps.join('\n')).toMatch(/^create true \w+: \d+%/)
  })

  describe('its ports', () => {
    it('are reached without a network, and carry any bytes both ways', async () => {
      const driver = open()
      const id = await create(driver)
      await runScriptIn(driver, id, 'nc -l -p 7 -e cat </dev/null >/dev/null 2>&1 &\nsleep 0.2')
      const stream = await driver.connect(id, 7)
      const sent = Buffer.alloc(3_000_000, 'every byte')
      stream.end(sent)
      expect(Buffer.compare(await readAll(stream), sent)).toBe(0)
    })

    it('are refused where no program listens', async () => {
      const driver = open()
      const id = await create(driver)
      const stream = await driver.connect(id, 81)
      expect(await rejectionOf(readAll(stream))).toMatchObject({ code: 'ECONNREFUSED' })
    })
  })

  describe('its snapshot', () => {
    it('is the image of machines with an identity of their own, which outlive it', async () => {
      const driver = open()
      const id = await create(driver, { sshKeys: ['ssh-ed25519 AAAA ada'] })
      await runScriptIn(driver, id, 'echo kept >/root/file')
      const name = toSnapshotImageName(randomUUID())
      const snapshot = { name, signal: neverAborted }
      expect(await driver.createSnapshot(id, snapshot)).toMatchObject({ diskMiB: 256 })
      expect(await driver.createSnapshot(id, snapshot)).toMatchObject({ diskMiB: 256 })
      const copy = await create(driver, { image: name, hostname: 'copy' })
      await driver.removeSnapshot(name)
      const { output } = await runScriptIn(
        driver,
        copy,
        'hostname; cat /root/file /root/.ssh/authorized_keys',
      )
      expect(output).toBe('copy\nkept\n')
      const { metadata } = await server!.call('GET', `/1.0/instances/m-${id}/snapshots`)
      expect(metadata).toEqual([])
      expect((await driver.listImages()).map((image) => image.name)).toEqual(['tiny'])
    })

    it('belongs to its installation', async () => {
      const driver = open()
      const name = toSnapshotImageName(randomUUID())
      await driver.createSnapshot(await create(driver), { name, signal: neverAborted })
      const other = open({ installationId: 'other' })
      expect((await other.listImages()).map((image) => image.name)).toEqual(['tiny'])
      await other.removeSnapshot(name)
      expect((await driver.listImages()).map((image) => image.name)).toContain(name)
      await driver.removeSnapshot(name)
    })
  })

  describe('its network', () => {
    let internet: Awaited<ReturnType<typeof startFakeInternet>>
    let network: { name: string; address: string }
    beforeAll(async () => {
      internet = await startFakeInternet()
      network = await server!.createNetwork({ closed: [internet.hostAddress] })
    })
    afterAll(() => internet.close())

    it('reaches the internet if outbound, but neither its host nor other machines', async () => {
      const driver = open({ network: network.name })
      expect(await driver.describe()).toMatchObject({ outboundProblem: null })
      const [id, other] = [
        await create(driver, { network: 'outbound' }),
        await create(driver, { network: 'outbound' }),
      ]
      for (const one of [id, other])
        expect(await runScriptIn(driver, one, 'udhcpc -i eth0 -n -q >/dev/null 2>&1')).toMatchObject({
          exitCode: 0,
        })
      const fetchFrom = async (url: string) => {
        const fetching = `(timeout 3 wget -q -O /tmp/page ${url}; true) 2>/dev/null`
        return (await runScriptIn(driver, id, `${fetching}; cat /tmp/page 2>/dev/null; rm -f /tmp/page`))
          .output
      }
      expect(await fetchFrom(`http://${internet.serverAddress}/`)).toBe('internet ')

      const host = createServer((_, response) => response.end('host'))
      await new Promise<void>((resolve) => host.listen(0, '0.0.0.0', resolve))
      const { port } = host.address() as AddressInfo
      // Others reach it.
      expect(await internet.fetchFrom(`http://${internet.hostAddress}:${port}/`)).toBe('host')
      for (const address of [internet.hostAddress, network.address])
        expect(await fetchFrom(`http://${address}:${port}/`)).toBe('')
      host.close()

      const { output } = await runScriptIn(driver, other, 'httpd -p 80 -h /etc\nip -4 -o address show eth0')
      const address = /inet ([\d.]+)/.exec(output)![1]!
      expect(await fetchFrom(`http://${address}/hostname`)).toBe('')
    })

    it('is refused while its ACLs admit a private network', async () => {
      const driver = open({ network: network.name })
      const rule = ['rule', 'remove', network.name, 'egress', 'action=reject', 'destination=10.0.0.0/8']
      await server!.lxc('network', 'acl', ...rule)
      expect(await driver.describe()).toMatchObject({
        problem: null,
        outboundProblem: expect.stringContaining('rejects 10.0.0.0:'),
      })
      expect(await rejectionOf(create(driver, { network: 'outbound' }))).toMatchObject({
        code: 'machine.network_unavailable',
      })
    })
  })
})

async function readAll(stream: Duplex) {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
