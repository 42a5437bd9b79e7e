// Over 200 lines because all tests share one Debian image, which is built from the packages of this host's mirror. Building
// and booting it take minutes without KVM.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { SIZES } from '@/lib/machines/sizes'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { createEmptyDisk } from '@/worker/machines/drivers/qemu/images/qemu-img'
import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
import { runScriptIn, typeIntoConsole } from '@/tests/support/guest-commands'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { createMachineWithResolver } from '@/tests/support/create-machine-with-resolver'
import { startFakeInternet, startResolver } from '@/tests/support/fake-internet'
import { useFileServer } from '@/tests/support/file-server'
import { findProcesses, killAndWait } from '@/tests/support/processes'
import { neverAborted } from '@/tests/support/never-aborted'
import { evalArgs } from '@/tests/support/eval-args'

const signal = neverAborted
const server = useFileServer()
const SSH_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me'
/** Prints the SSH host keys without their comments, which contain the host name. */
const PRINT_HOST_KEYS = "cut -d ' ' -f 2 /etc/ssh/ssh_host_*.pub"
/** Waits until all key types are generated (all but ed25519 come later), then prints the keys. */
const PRINT_ALL_HOST_KEYS = `for kind in rsa ecdsa; do until [ -s /etc/ssh/ssh_host_"$kind"_key.pub ]; do sleep 0.1; done; done; ${PRINT_HOST_KEYS}`
let dataDir: string
let hypervisor: QemuHypervisor
/** Two machines that consecutive tests share. */
let machineIds: string[]
const debianDir = () => path.join(dataDir, 'images/debian')
const nowSeconds = () => performance.now() / 1000
const createDebianSpec = (hostname: string): MachineSpec =>
  createMachineSpec({ image: 'debian', hostname, size: SIZES.small, sshKeys: [SSH_KEY] })

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-debian-'))
  hypervisor = await QemuHypervisor.open({ hostId: 'host', dataDir, isConfined: true, answerMs: 120_000 })
})
afterAll(async () => {
  for (const id of (await hypervisor.observeAll()).keys()) await hypervisor.destroy(id)
  await hypervisor.close()
  await rm(dataDir, { recursive: true, force: true })
})

describe('the image debian', () => {
  it('stops building when its worker is killed', async () => {
    const driver = `
      import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
      const driver = await QemuHypervisor.open({ hostId: 'host', dataDir: ${JSON.stringify(dataDir)}, isConfined: true, answerMs: 1 })
      const onStage = (stage, progress) => progress >= 0.25 && process.stdout.write('installing')
      await driver.create(${JSON.stringify(createDebianSpec('killed'))}, { signal: new AbortController().signal, onStage })`
    const worker = spawn(process.execPath, evalArgs(driver), { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(worker.stdout, 'data')
    const [buildDir] = (await readdir(debianDir())).filter((name) => name.startsWith('making-'))
    expect(findProcesses(buildDir!).length).toBeGreaterThan(0)
    await killAndWait(worker)
    await expect.poll(() => findProcesses(buildDir!)).toEqual([])
    const mounts = await readFile('/proc/self/mounts', 'utf8')
    expect(mounts).not.toContain(buildDir)
  })

  it('is built once for all machines that wait for it, and reports progress', async () => {
    const specs = [createDebianSpec('one'), createDebianSpec('two')]
    machineIds = specs.map(({ id }) => id)
    const reports: { stage: string; step?: string }[] = []
    const onStage = (stage: string, _progress?: number, step?: string) => void reports.push({ stage, step })
    expect(await readDebianDescription()).toMatch(/The first machine/)
    await Promise.all(specs.map((spec) => hypervisor.create(spec, { signal, onStage })))
    const descriptions = reports.filter(({ stage }) => stage === 'image').map(({ step }) => step)
    for (const step of ['downloading packages', 'installing packages', 'writing the disk'])
      expect(descriptions).toContain(step)
    // The abandoned build of the killed worker is gone, and nothing else remains.
    const names = await readdir(debianDir())
    expect(names).toHaveLength(2)
    expect(names).toContain('current.json')
    expect(await readDebianDescription()).not.toMatch(/The first machine/)
    expect(await readdir(path.join(dataDir, 'images/templates'))).toHaveLength(1)
  }, 900_000)

  it('creates machines that each have their own identity and a working Debian system', async () => {
    const facts = `hostname; cat /etc/machine-id /sys/class/net/eth0/address; ${PRINT_HOST_KEYS}
      cat /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/uuid; head -c 16 /dev/urandom | md5sum`
    const [one, two] = await Promise.all(machineIds.map((each) => readScriptLines(each, facts)))
    expect(one).toHaveLength(7)
    for (const [n, fact] of one!.entries()) expect(fact).not.toBe(two![n])
    const [keys, others] = await Promise.all(
      machineIds.map((each) => readScriptLines(each, PRINT_ALL_HOST_KEYS)),
    )
    expect(keys).toHaveLength(3)
    expect(keys!.filter((key) => others!.includes(key))).toEqual([])
    expect(one).toContain(keys![1])
    const [id] = machineIds
    const { output } = await runScriptIn(hypervisor, id!, 'cat /root/.ssh/authorized_keys; date +%s', 60_000)
    expect(output.split('\n')[0]).toBe(SSH_KEY)
    expect(Math.abs(Number(output.split('\n')[1]) - Date.now() / 1000)).toBeLessThan(5)
    const checks = `set -e
      [ "$(dpkg -l | grep -c '^ii')" -gt 150 ]
      apt-get check -qq
      sudo -n true
      grep -q '^deb ' /etc/apt/sources.list.d/*
      [ "$(df --output=size -m / | tail -1)" -gt 3500 ]
      systemctl is-system-running --wait
      journalctl --boot --lines=1 --quiet | grep -q .
      until (exec 3<>/dev/tcp/127.0.0.1/22) 2>/dev/null; do sleep 0.1; done
      exec 3<>/dev/tcp/127.0.0.1/22; head -n 1 <&3`
    expect(
      await runScriptIn(hypervisor, id!, `exec bash -c '${checks.replaceAll("'", `'\\''`)}'`, 90_000),
    ).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/^running\nSSH-2\.0-OpenSSH/),
    })
    await hypervisor.destroy(machineIds[1]!)
  })

  // Requires root to create a network.
  it.runIf(process.getuid?.() === 0)('has internet access and DNS with an outbound network', async () => {
    const internet = await startFakeInternet()
    const resolver = await startResolver(internet.serverAddress)
    const spec = { ...createDebianSpec('online'), network: 'outbound' as const }
    await createMachineWithResolver({ dataDir, spec, resolver: resolver.address })
    const fetched = await runScriptIn(hypervisor, spec.id, 'curl -sS -m 20 http://any.example/', 60_000)
    expect(fetched).toEqual({ exitCode: 0, output: 'internet ' })
    const later =
      'systemctl restart systemd-networkd systemd-resolved; curl -sS -m 20 --retry 5 --retry-all-errors http://any.example/'
    expect(await runScriptIn(hypervisor, spec.id, later, 60_000)).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('internet '),
    })
    await hypervisor.destroy(spec.id)
    resolver.close()
    await internet.close()
  })

  it('has a root shell on its console, shuts down cleanly and keeps its identity after a restart', async () => {
    const [id] = machineIds
    await typeIntoConsole(hypervisor, id!, 'echo $((6*7))', /\r42\r/)
    const identity = 'cat /etc/hostname /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub'
    const before = await runScriptIn(hypervisor, id!, `${identity}; touch /root/marker`, 60_000)
    await hypervisor.stop(id!, { graceMs: 60_000, signal })
    expect(await hypervisor.observe(id!)).toEqual({ state: 'stopped' })
    await hypervisor.start(id!, { signal })
    const after = await runScriptIn(hypervisor, id!, `${identity}; test -e /root/marker`, 60_000)
    expect(after).toEqual({ ...before, exitCode: 0 })
    await typeIntoConsole(hypervisor, id!, 'echo $((6*7))', /\r42\r/)
    await hypervisor.destroy(id!)
  })

  it('can be built from a downloaded disk', async () => {
    const { folder } = JSON.parse(await readFile(path.join(debianDir(), 'current.json'), 'utf8')) as {
      folder: string
    }
    server.files.set('debian.qcow2', await readFile(path.join(debianDir(), folder, 'root.qcow2')))
    const elsewhere = path.join(dataDir, 'elsewhere')
    const settings = { source: 'auto' as const, imageUrl: server.url('debian.qcow2') }
    const other = await QemuHypervisor.open({
      hostId: 'host',
      dataDir: elsewhere,
      isConfined: true,
      answerMs: 120_000,
      debian: settings,
    })
    const spec = createDebianSpec('downloaded')
    await other.create(spec, { signal })
    const startedAt = nowSeconds()
    expect((await runScriptIn(other, spec.id, 'hostname; cat /etc/debian_version', 60_000)).output).toMatch(
      /^downloaded\n12\./,
    )
    expect(nowSeconds() - startedAt).toBeLessThan(60)
    expect(await readFile(path.join(elsewhere, 'images/debian/current.json'), 'utf8')).toContain('"download"')
    await other.destroy(spec.id)
    await other.close()
  })
})

const readScriptLines = async (id: string, script: string) =>
  (await runScriptIn(hypervisor, id, script, 60_000)).output.trim().split('\n')

describe('a snapshot of a Debian machine', () => {
  it('keeps the minimum of Debian and its kernel, and boots machines with their own identity', async () => {
    // Machines of the tests above use the same image.
    for (const id of (await hypervisor.observeAll()).keys()) await hypervisor.destroy(id)
    const [from, clone] = [createDebianSpec('from'), createDebianSpec('clone')]
    await hypervisor.create(from, { signal })
    const facts = `hostname; cat /etc/machine-id /sys/class/net/eth0/address /proc/sys/kernel/random/boot_id
      ${PRINT_ALL_HOST_KEYS}`
    const before = await readScriptLines(from.id, `echo precious >/root/file; ${facts}`)
    const minimum = await hypervisor.createSnapshot(from.id, { name: 'snapshot', signal })
    expect(minimum).toMatchObject({ memoryMiB: 512, diskMiB: from.size.diskMiB })
    expect(await hypervisor.listImages()).toContainEqual(
      expect.objectContaining({ name: 'snapshot', minimum }),
    )
    await hypervisor.destroy(from.id)
    const small = { ...clone, image: 'snapshot', size: { ...clone.size, memoryMiB: 256 } }
    await expect(hypervisor.create(small, { signal })).rejects.toMatchObject({ code: 'machine.too_small' })

    // Simulates an upgrade with another recipe: the current build becomes obsolete.
    await rm(path.join(debianDir(), 'current.json'))
    const [template] = await readdir(path.join(dataDir, 'images/templates'))
    expect(await hypervisor.templates.listGarbage()).toEqual([`templates/${template}`])
    await hypervisor.templates.removeGarbage(`templates/${template}`)
    await hypervisor.create({ ...clone, image: 'snapshot' }, { signal })
    const after = await readScriptLines(clone.id, facts)
    expect(after).toHaveLength(7)
    expect(after.filter((fact) => before.includes(fact))).toEqual([])
    expect(await readScriptLines(clone.id, 'cat /root/file')).toEqual(['precious'])
    // The sshd of the snapshot has been restarted: it presents the new key.
    const scan = 'ssh-keyscan -t ed25519 127.0.0.1 2>/dev/null'
    const shown = await readScriptLines(
      clone.id,
      `until key=$(${scan}) && [ "$key" ]; do sleep 0.1; done; echo "$key" | cut -d ' ' -f 3`,
    )
    expect(after).toContain(shown[0])

    await hypervisor.removeSnapshot('snapshot')
    expect(await hypervisor.templates.listGarbage()).toEqual([])
    await hypervisor.destroy(clone.id)
    const left = await hypervisor.templates.listGarbage()
    expect(left).toHaveLength(1)
    for (const name of left) await hypervisor.templates.removeGarbage(name)
    expect(await readdir(debianDir())).toEqual([])
  })
})

describe('a custom image', () => {
  it('fails with machine.no_agent and leaves no process if it lacks the agent', async () => {
    const impatient = await QemuHypervisor.open({
      hostId: 'host',
      dataDir,
      isConfined: true,
      answerMs: 3_000,
    })
    const custom = path.join(dataDir, 'images/custom')
    await mkdir(custom, { recursive: true })
    await createEmptyDisk(path.join(custom, 'mute.qcow2'), 64)
    const spec = createMachineSpec({ image: 'mute', size: SIZES.small })
    await expect(impatient.create(spec, { signal })).rejects.toMatchObject({ code: 'machine.no_agent' })
    expect(findProcesses(spec.id)).toEqual([])
    const small = createMachineSpec({ image: 'mute', size: { ...SIZES.small, diskMiB: 32 } })
    await expect(impatient.create(small, { signal })).rejects.toMatchObject({ code: 'machine.too_small' })
    await impatient.close()
  })
})

const readDebianDescription = async () =>
  vi.waitFor(async () => (await hypervisor.listImages()).find(({ name }) => name === 'debian')!.description)
