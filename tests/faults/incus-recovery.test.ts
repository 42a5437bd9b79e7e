import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { runScriptIn } from '@/tests/support/guest-commands'
import { startLxdServer } from '@/tests/support/lxd-server'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { killAndWait } from '@/tests/support/processes'
import { spawnCode } from '@/tests/support/qemu-fixture'
import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'
import { FOLLOW_CLOUD_INIT } from '@/worker/machines/handlers/follow-cloud-init'

const server = await startLxdServer()
const certificateDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-incus-'))
afterAll(async () => {
  await server?.stop()
  await rm(certificateDir, { recursive: true, force: true })
})

describe.skipIf(!server)('a machine of a cluster', () => {
  const settings = {
    url: server?.socketUrl ?? '',
    installationId: 'recovery',
    certificateDir,
    project: 'default',
    profile: 'default',
    answerMs: 30_000,
  }
  const startWorker = (code: string) =>
    spawnCode(`
      import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'
      const driver = new IncusHypervisor(${JSON.stringify(settings)})
      const signal = new AbortController().signal
      ${code}
      setInterval(() => {}, 1000)`)
  const listNames = async () => {
    const { metadata } = await server!.call('GET', '/1.0/instances')
    return (metadata as string[]).map((url) => url.split('/').at(-1))
  }

  it.each(['create', 'existence', 'boot', 'answer'])(
    'is created once by the next worker when its worker is killed at its %s',
    async (at) => {
      const spec = createMachineSpec()
      const worker = startWorker(`
        const onStage = (stage) => process.stdout.write(stage + '\\n')
        await driver.create(${JSON.stringify(spec)}, { signal, onStage })`)
      let stages = ''
      worker.stdout.on('data', (bytes) => (stages += String(bytes)))
      const isReached = async () =>
        at === 'existence' ? (await listNames()).includes(`m-${spec.id}`) : stages.includes(at)
      while (!(await isReached())) await delay(1)
      await killAndWait(worker)
      const next = new IncusHypervisor(settings)
      const observation = await next.create(spec, { signal: neverAborted })
      expect(observation.state).toBe('running')
      expect(await listNames()).toEqual([`m-${spec.id}`])
      expect((await runScriptIn(next, spec.id, 'hostname')).output).toBe('contract\n')
      await next.destroy(spec.id)
      expect(await listNames()).toEqual([])
      await next.close()
    },
  )

  it('outlives a killed worker, whose successor finds it unchanged and opens its console', async () => {
    const spec = createMachineSpec()
    const worker = startWorker(`
      await driver.create(${JSON.stringify(spec)}, { signal })
      process.stdout.write('created')`)
    await once(worker.stdout, 'data')
    const next = new IncusHypervisor(settings)
    const before = await next.observeAll()
    expect(before.get(spec.id)).toMatchObject({ state: 'running' })
    await killAndWait(worker)
    expect(await next.observeAll()).toEqual(before)
    const console = await next.openConsole(spec.id)
    let output = ''
    console.onData((bytes) => void (output += bytes.toString()))
    // LXD types a reset sequence into a console that its client has left.
    console.write(Buffer.from('\necho $((6*7))\n'))
    await expect.poll(() => output).toMatch(/\n42\r/)
    // The window size reaches the programs in the guest.
    console.resize({ columns: 101, rows: 33 })
    await expect
      .poll(() => {
        console.write(Buffer.from('stty size\n'))
        return output
      })
      .toMatch(/\n33 101\r/)
    await next.destroy(spec.id)
    await next.close()
  })

  it('gives cloud-init its identity and the configuration of its user, and runs scripts without it', async () => {
    const cloudConfig = '#cloud-config\npackages: [git]\n'
    const spec = createMachineSpec({ cloudConfig, sshKeys: ['ssh-ed25519 AAAA ada'] })
    const driver = new IncusHypervisor(settings)
    await driver.create(spec, { signal: neverAborted })
    const { metadata } = await server!.call('GET', `/1.0/instances/m-${spec.id}`)
    const { config } = metadata as { config: Record<string, string> }
    for (const prefix of ['cloud-init', 'user']) {
      expect(config[`${prefix}.user-data`]).toBe(cloudConfig)
      const [header, json = ''] = config[`${prefix}.vendor-data`]!.split('\n')
      expect(header).toBe('#cloud-config')
      expect(JSON.parse(json)).toMatchObject({ hostname: spec.hostname, ssh_authorized_keys: spec.sshKeys })
    }
    // The image has no cloud-init.
    expect(await runScriptIn(driver, spec.id, FOLLOW_CLOUD_INIT)).toEqual({
      exitCode: 127,
      output: expect.stringContaining('no cloud-init'),
    })
    expect(await runScriptIn(driver, spec.id, 'hostname; exit 3')).toEqual({
      exitCode: 3,
      output: 'contract\n',
    })
    // A program in its place. The tail of busybox cannot wait for it.
    const program = '#!/bin/sh\necho applied >>/var/log/cloud-init-output.log\nexit 2\n'
    const install = `mkdir -p /var/log\ncat >/bin/cloud-init <<'END'\n${program}END\nchmod +x /bin/cloud-init`
    expect(await runScriptIn(driver, spec.id, install)).toMatchObject({ exitCode: 0 })
    expect(await runScriptIn(driver, spec.id, FOLLOW_CLOUD_INIT)).toEqual({
      exitCode: 2,
      output: 'applied\n',
    })
    await driver.destroy(spec.id)
    await driver.close()
  })

  it('has the limits of its size and no network', async () => {
    const spec = createMachineSpec()
    const driver = new IncusHypervisor(settings)
    await server!.lxc('profile', 'device', 'add', 'default', 'eth0', 'nic', 'nictype=p2p')
    await driver.create(spec, { signal: neverAborted })
    const { metadata } = await server!.call('GET', `/1.0/instances/m-${spec.id}`)
    expect(metadata).toMatchObject({
      config: { 'limits.cpu': '1', 'limits.memory': '128MiB', 'boot.autostart': 'false' },
      devices: { root: { size: '256MiB', pool: 'default' }, eth0: { type: 'none' } },
    })
    const { output } = await runScriptIn(driver, spec.id, 'ls /sys/class/net')
    expect(output).not.toContain('eth0')
    await driver.destroy(spec.id)
    await driver.close()
  })
})
