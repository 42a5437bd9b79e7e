// Over 200 lines because all tests share one driver and one template, which takes several seconds to build.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { MachineSpec } from '@/worker/machines/hypervisor'
import { findProcesses, killAndWait } from '@/tests/support/processes'
import { ConnectionLimiter } from '@/worker/machines/host/ports/connection-limiter'
import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
import { listRunningMachineIds, listProcessIds } from '@/worker/machines/drivers/qemu/state/processes'
import { runScriptIn, typeIntoConsole } from '@/tests/support/guest-commands'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { rejectionOf } from '@/tests/support/rejection-of'
import { evalArgs } from '@/tests/support/eval-args'
import { readStartTicks } from '@/worker/process/process-identity'

let dataDir: string
let hypervisor: QemuHypervisor
const openHypervisor = () => QemuHypervisor.open({ dataDir, isConfined: true, answerMs: 90_000 })
const machineDir = (id: string) => path.join(dataDir, 'machines', id)
async function createMachine(more: Partial<MachineSpec> = {}) {
  const spec = createMachineSpec(more)
  await hypervisor.create(spec, { signal: neverAborted })
  return spec.id
}

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-machines-'))
  hypervisor = await openHypervisor()
  await hypervisor.prepareTemplate({ image: 'tiny', size: createMachineSpec().size, signal: neverAborted })
})
afterAll(async () => {
  for (const id of await hypervisor.list()) await hypervisor.destroy(id)
  await hypervisor.close()
  await rm(dataDir, { recursive: true, force: true })
})

describe('a machine restored from a template', () => {
  it('has its own identity', async () => {
    const ids = await Promise.all([createMachine({ hostname: 'one' }), createMachine({ hostname: 'two' })])
    const facts =
      'hostname; cat /etc/machine-id /sys/class/net/eth0/address; head -c 16 /dev/urandom | md5sum; cat /proc/sys/kernel/random/uuid /proc/sys/kernel/random/boot_id'
    const [one, two] = await Promise.all(
      ids.map(async (id) => (await runScriptIn(hypervisor, id, facts)).output.split('\n')),
    )
    expect(one).toHaveLength(7)
    for (const [n, fact] of one!.slice(0, 6).entries()) expect(fact).not.toBe(two![n])
    expect(one![1]).toBe(ids[0]!.replaceAll('-', ''))
    for (const id of ids) {
      const { output } = await runScriptIn(hypervisor, id, 'date +%s')
      expect(Math.abs(Number(output) - Date.now() / 1000)).toBeLessThan(3)
      await hypervisor.destroy(id)
    }
  })

  it('accepts more SSH keys than fit into one read of the control channel', async () => {
    const sshKeys = Array.from(
      { length: 20 },
      (_, n) => `ssh-rsa ${'A'.repeat(1_000)}${n} Ada’s “laptop” (${n}); $(id)`,
    )
    const id = await createMachine({ sshKeys })
    const { output } = await runScriptIn(hypervisor, id, 'cat /root/.ssh/authorized_keys')
    expect(output).toBe(`${sshKeys.join('\n')}\n`)
  })

  it('has a console where Ctrl+C interrupts the program but not the shell', async () => {
    const id = await createMachine()
    const shell = async () =>
      /shell (\d+)/.exec(await typeIntoConsole(hypervisor, id, 'echo shell $$', /shell \d+/))![1]
    const before = await shell()
    await typeIntoConsole(hypervisor, id, 'sleep 1000', /sleep/)
    await typeIntoConsole(hypervisor, id, '\u0003', /\^C/)
    await typeIntoConsole(hypervisor, id, '\u0003', /\^C/)
    expect(await shell()).toBe(before)
  })

  it('mounts its backing files read-only and keeps its folder private', async () => {
    const id = await createMachine()
    const [pid] = await listProcessIds(id)
    const mounts = await readFile(`/proc/${(await listProcessIds(id)).at(-1)}/mounts`, 'utf8')
    const imageMounts = mounts.split('\n').filter((line) => line.includes('images/'))
    expect(imageMounts.length).toBeGreaterThan(0)
    for (const line of imageMounts) expect(line.split(' ')[3]).toMatch(/^ro/)
    expect((await stat(machineDir(id))).mode & 0o77).toBe(0)
    expect(pid).toBeGreaterThan(1)
    await hypervisor.destroy(id)
  })
})

describe('a template', () => {
  it('is discarded when it cannot be restored, and the machine boots instead', async () => {
    const templates = path.join(dataDir, 'images/templates')
    const [name] = await readdir(templates)
    await writeFile(path.join(templates, name!, 'memory'), 'not a VM state')
    const id = await createMachine()
    expect((await runScriptIn(hypervisor, id, 'hostname')).output).toBe('contract\n')
    expect(await readdir(path.join(templates, name!))).not.toContain('memory')
    await hypervisor.destroy(id)
    await hypervisor.prepareTemplate({ image: 'tiny', size: createMachineSpec().size, signal: neverAborted })
    const templateCount = (await readdir(templates)).length
    await hypervisor.prepareTemplate({ image: 'tiny', size: createMachineSpec().size, signal: neverAborted })
    expect(await readdir(templates)).toHaveLength(templateCount)
    expect(await readdir(path.join(dataDir, 'images/building'))).toEqual([])
  })

  it('stops building when its worker is killed', async () => {
    const size = { ...createMachineSpec().size, memoryMiB: 192 }
    const worker = startWorker(`
      const signal = new AbortController().signal
      await driver.prepareTemplate({ image: 'tiny', size: ${JSON.stringify(size)}, signal })`)
    const building = () => listRunningMachineIds(path.join(dataDir, 'images/building'))
    await expect.poll(building, { timeout: 20_000 }).toHaveLength(1)
    // Its command line names the machine before bubblewrap has tied it to the worker.
    const [id] = await building()
    const isQemuRunning = () => findProcesses(id!).some(({ command }) => command.startsWith('qemu-system'))
    await expect.poll(isQemuRunning, { timeout: 20_000 }).toBe(true)
    await killAndWait(worker)
    await expect.poll(building, { timeout: 5_000 }).toEqual([])
  })
})

describe('the KVM probe', () => {
  it('ends with its worker when it hangs and the worker is killed', async () => {
    // Simulates a guest that hangs on broken KVM.
    const bin = path.join(dataDir, 'bin')
    await runProgramHere('mkdir', [bin])
    await writeFile(path.join(bin, 'qemu-system-x86_64'), '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
    const code = `
      import { probeAccelerator } from '@/worker/machines/drivers/qemu/accelerator'
      const kernel = { kernel: 'vmlinuz', initrd: 'initrd', arguments: '' }
      await probeAccelerator({ file: ${JSON.stringify(path.join(bin, 'found'))}, qemuVersion: '1', kernel })`
    const worker = spawnNode(code, { PATH: `${bin}:${process.env.PATH}` })
    const probes = () => findProcesses(bin).filter(({ command }) => command.startsWith('sleep'))
    await expect.poll(probes, { timeout: 20_000, interval: 20 }).toHaveLength(1)
    await killAndWait(worker)
    await expect.poll(probes, { timeout: 1_000 }).toEqual([])
  })
})

describe('a machine', () => {
  it.each(['disk', 'boot', 'answer'])(
    'is created once by the next worker when its worker is killed in stage %s',
    async (at) => {
      const spec = createMachineSpec()
      const worker = startWorker(`
      const on = { signal: new AbortController().signal, onStage: (stage) => stage === '${at}' && process.stdout.write(stage) }
      await driver.create(${JSON.stringify(spec)}, on)
      setInterval(() => {}, 1000)`)
      await once(worker.stdout, 'data')
      await killAndWait(worker)
      await hypervisor.create(spec, { signal: neverAborted })
      expect((await runScriptIn(hypervisor, spec.id, 'hostname')).output).toBe('contract\n')
      const sessions = await Promise.all((await listProcessIds(spec.id)).map(readSessionId))
      expect(new Set(sessions).size).toBe(1)
      await hypervisor.destroy(spec.id)
      expect(await listProcessIds(spec.id)).toEqual([])
    },
  )

  it('outlives a killed worker and is found unchanged by the next', async () => {
    const { id } = createMachineSpec()
    const worker = startWorker(`
      await driver.create(${JSON.stringify(createMachineSpec({ id }))}, { signal: new AbortController().signal })
      process.stdout.write('created')
      setInterval(() => {}, 1000)`)
    await once(worker.stdout, 'data')
    const pids = await listProcessIds(id)
    const observation = await hypervisor.observe(id)
    await killAndWait(worker)
    const later = await openHypervisor()
    expect(await listProcessIds(id)).toEqual(pids)
    expect(await later.observe(id)).toEqual(observation)
    expect((await runScriptIn(later, id, 'hostname')).output).toBe('contract\n')
    await later.destroy(id)
    await later.close()
  })

  it('has a limited console log and keeps running when it prints endlessly while no worker runs', async () => {
    const id = await createMachine()
    const { diskMiB, memoryMiB } = createMachineSpec().size
    const log = path.join(machineDir(id), 'console.log')
    await runScriptIn(hypervisor, id, 'yes 0123456789abcdef0123456789abcdef >/dev/ttyS0 &')
    await hypervisor.close()
    const bytes = (await stat(log)).size + 200_000
    for (const pid of await listProcessIds(id)) {
      const limits = await readFile(`/proc/${pid}/limits`, 'utf8')
      expect(limits).toMatch(new RegExp(`Max file size +${(diskMiB + memoryMiB + 1024) * 1024 ** 2} `))
      // A lower limit, to reach it sooner.
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`])
    }
    await expect.poll(async () => (await stat(log)).size, { timeout: 60_000 }).toBe(bytes)
    hypervisor = await openHypervisor()
    expect((await runScriptIn(hypervisor, id, 'pidof yes && echo still running')).output).toContain(
      'still running',
    )
    expect((await stat(log)).size).toBe(bytes)
    await hypervisor.destroy(id)
  })

  it('is observed as stopped, with the reason, after its process was killed', async () => {
    const id = await createMachine()
    const console = await hypervisor.openConsole(id)
    const ended = new Promise<void>((resolve) => console.onEnd(resolve))
    // Killing the first process ends the others.
    process.kill(Math.min(...(await listProcessIds(id))), 'SIGKILL')
    await ended
    await vi.waitFor(async () =>
      expect(await hypervisor.observe(id)).toMatchObject({
        state: 'stopped',
        reason: expect.stringMatching(/outside/),
      }),
    )
    expect(await hypervisor.start(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
    await hypervisor.destroy(id)
  })

  it('is not confused with another process that has its PID and start time after a reboot of the host', async () => {
    const id = await createMachine()
    await hypervisor.stop(id, { graceMs: 0, signal: neverAborted })
    const unrelated = spawn('sleep', ['1000'])
    const state = JSON.parse(await readFile(path.join(machineDir(id), 'machine.json'), 'utf8')) as object
    const process = { pid: unrelated.pid!, startTicks: await readStartTicks(unrelated.pid!) }
    await writeFile(path.join(machineDir(id), 'machine.json'), JSON.stringify({ ...state, process }))
    expect(await hypervisor.observe(id)).toMatchObject({ state: 'stopped' })
    expect(await hypervisor.start(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
    await hypervisor.destroy(id)
    expect(await readStartTicks(unrelated.pid!)).toBe(process.startTicks)
    unrelated.kill()
  })

  it('reports a kernel panic and a shutdown from inside the guest', async () => {
    const id = await createMachine()
    void rejectionOf(runScriptIn(hypervisor, id, 'echo c >/proc/sysrq-trigger'))
    await vi.waitFor(
      async () =>
        expect(await hypervisor.observe(id)).toMatchObject({
          state: 'stopped',
          reason: expect.stringMatching(/panic/),
        }),
      { timeout: 20_000, interval: 100 },
    )
    await hypervisor.start(id, { signal: neverAborted })
    void rejectionOf(runScriptIn(hypervisor, id, 'poweroff'))
    await vi.waitFor(
      async () =>
        expect(await hypervisor.observe(id)).toMatchObject({
          state: 'stopped',
          reason: expect.stringMatching(/inside/),
        }),
      { timeout: 20_000, interval: 100 },
    )
    expect(await listProcessIds(id)).toEqual([])
    await hypervisor.destroy(id)
  })

  it('reports a forged panic message without its control characters', async () => {
    const id = await createMachine()
    const print = String.raw`printf 'Kernel panic - not syncing: a\000b\033[2J\n' >/dev/ttyS0`
    const octal = [...PANIC_PROGRAM].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
    // stty(1) waits until the output has been sent.
    const script = `${print}; stty -F /dev/ttyS0 cs8; printf '${octal}' >/panics; chmod +x /panics; /panics`
    void rejectionOf(runScriptIn(hypervisor, id, script))
    await vi.waitFor(
      async () =>
        expect(await hypervisor.observe(id)).toMatchObject({
          state: 'stopped',
          reason: 'Kernel panic: a b [2J.',
        }),
      { timeout: 20_000, interval: 100 },
    )
    await hypervisor.destroy(id)
  })

  it('fails to start with machine.panicked and leaves no process when its kernel panics during boot', async () => {
    const id = await createMachine()
    await runScriptIn(hypervisor, id, 'rm /sbin/init')
    await hypervisor.createSnapshot(id, { name: 'without-init', signal: neverAborted })
    await hypervisor.destroy(id)
    const spec = createMachineSpec({ image: 'without-init' })
    expect(await rejectionOf(hypervisor.create(spec, { signal: neverAborted }))).toMatchObject({
      code: 'machine.panicked',
    })
    expect(await listProcessIds(spec.id)).toEqual([])
    await hypervisor.destroy(spec.id)
    await hypervisor.removeSnapshot('without-init')
  })

  it('boots with its new size after a resize while stopped', async () => {
    const id = await createMachine()
    await hypervisor.stop(id, { graceMs: 10_000, signal: neverAborted })
    await hypervisor.resize(id, { cpus: 2, memoryMiB: 256, diskMiB: 512 })
    await hypervisor.start(id, { signal: neverAborted })
    const script = "nproc; awk '/MemTotal/ {print $2}' /proc/meminfo; df -k / | awk 'NR==2 {print $2}'"
    const [cpus, memoryKiB, diskKiB] = (await runScriptIn(hypervisor, id, script)).output
      .split('\n')
      .map(Number)
    expect(cpus).toBe(2)
    expect(memoryKiB).toBeGreaterThan(180 * 1024)
    expect(diskKiB).toBeGreaterThan(450 * 1024)
    await hypervisor.destroy(id)
  })

  it('leaves nothing behind when it is destroyed during creation', async () => {
    for (const at of ['disk', 'boot', 'answer'] as const) {
      const spec = createMachineSpec()
      let destroyed: Promise<void> | undefined
      const onStage = (stage: string) => void (stage === at && (destroyed ??= hypervisor.destroy(spec.id)))
      expect(await rejectionOf(hypervisor.create(spec, { signal: neverAborted, onStage }))).toMatchObject({
        code: 'machine.removed',
      })
      await destroyed
      expect(await listProcessIds(spec.id)).toEqual([])
      expect(await readdir(path.join(dataDir, 'machines'))).not.toContain(spec.id)
    }
  })
})

describe('a running machine', () => {
  let id: string
  beforeAll(async () => {
    id = await createMachine()
  })
  afterAll(() => hypervisor.destroy(id))

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
    const { output } = await runScriptIn(hypervisor, id, setup + requests.join('\n'), 60_000)
    expect(output).not.toContain('REACHED')
    expect(requestCount).toBe(0)
    server.close()
  })

  it('gets no outbound network without the sandbox, which would expose the host', async () => {
    const unconfined = await QemuHypervisor.open({ dataDir, isConfined: false, answerMs: 90_000 })
    const spec = createMachineSpec({ network: 'outbound' })
    expect(await rejectionOf(unconfined.create(spec, { signal: neverAborted }))).toMatchObject({
      code: 'machine.network_unavailable',
      message: expect.stringContaining('sandbox is turned off'),
    })
    expect(await unconfined.list()).not.toContain(spec.id)
    await unconfined.close()
  })

  it('exposes its services only through this process', async () => {
    await runScriptIn(
      hypervisor,
      id,
      'mkdir -p /srv && echo hello >/srv/index.html && httpd -p 127.0.0.1:8080 -h /srv',
    )
    const connection = await hypervisor.connect(id, 8080)
    connection.write('GET / HTTP/1.0\r\n\r\n')
    let response = ''
    for await (const chunk of connection) response += String(chunk)
    expect(response).toMatch(/^HTTP\/1\.\d 200 [^]*hello\n$/)
    const direct = connect(8080, '127.0.0.1')
    expect(await rejectionOf(once(direct, 'connect'))).toMatchObject({ code: 'ECONNREFUSED' })
    const refused = await hypervisor.connect(id, 9)
    expect(await rejectionOf(once(refused.resume(), 'end'))).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('queues connections beyond its limit', async () => {
    await runScriptIn(
      hypervisor,
      id,
      'mkdir -p /srv && echo many >/srv/index.html; httpd -p 127.0.0.1:8081 -h /srv',
    )
    const connections = new ConnectionLimiter(hypervisor)
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
      await hypervisor.execute(id, { script, timeoutMs: 250_000, signal: neverAborted, onOutput }),
    ).toEqual({
      exitCode: 0,
    })
    expect(bytes).toBe(1024 ** 3)
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 ** 2)
  })

  it('fails a script on its full disk, and leaves no process of a killed script', async () => {
    const { exitCode, output } = await runScriptIn(
      hypervisor,
      id,
      'dd if=/dev/zero of=/big bs=1M count=2000',
      60_000,
    )
    expect({ exitCode, output }).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('No space left'),
    })
    await runScriptIn(hypervisor, id, 'rm /big')
    expect(
      await rejectionOf(runScriptIn(hypervisor, id, 'while :; do sleep 12345; done', 500)),
    ).toMatchObject({
      code: 'machine.script_timeout',
    })
    await vi.waitFor(async () => expect((await runScriptIn(hypervisor, id, 'pidof sleep')).output).toBe(''), {
      timeout: 10_000,
    })
  })
})

describe('an image', () => {
  it('boots machines from a snapshot of a running one, which keep it after its removal', async () => {
    const id = await createMachine()
    await runScriptIn(hypervisor, id, 'echo precious >/root/file')
    await hypervisor.createSnapshot(id, { name: 'with-file', signal: neverAborted })
    const copy = await createMachine({ image: 'with-file', hostname: 'copy' })
    await hypervisor.removeSnapshot('with-file')
    expect(await runScriptIn(hypervisor, copy, 'cat /root/file; hostname')).toMatchObject({
      output: 'precious\ncopy\n',
    })
    await hypervisor.stop(copy, { graceMs: 0, signal: neverAborted })
    await hypervisor.start(copy, { signal: neverAborted })
    await typeIntoConsole(hypervisor, copy, 'cat file', /precious/)
    for (const each of [id, copy]) await hypervisor.destroy(each)
    expect(await readdir(path.join(dataDir, 'images/snapshots'))).toEqual([])
  })

  it('assigns its own identity to each machine from a snapshot with an older agent', async () => {
    const id = await createMachine()
    const facts = 'hostname; cat /etc/machine-id'
    const { exitCode } = await runScriptIn(
      hypervisor,
      id,
      'sed -i "s/ become ;;/ ;;/" /usr/lib/meanwhile/agent && ! grep -q "number. become" /usr/lib/meanwhile/agent',
    )
    expect(exitCode).toBe(0)
    await hypervisor.createSnapshot(id, { name: 'older', signal: neverAborted })
    const copy = await createMachine({ image: 'older', hostname: 'copy' })
    expect((await runScriptIn(hypervisor, copy, facts)).output).toBe(`copy\n${copy.replaceAll('-', '')}\n`)
    for (const each of [id, copy]) await hypervisor.destroy(each)
    await hypervisor.removeSnapshot('older')
  })

  it('is rejected if it is custom and refers to other files or is not qcow2', async () => {
    const dir = path.join(dataDir, 'images/custom')
    await runProgramHere('mkdir', ['-p', dir])
    const image = (name: string, ...args: string[]) =>
      runProgramHere('qemu-img', ['create', '-q', '-f', 'qcow2', ...args, path.join(dir, name), '1M'])
    await writeFile(path.join(dir, 'secret.raw'), Buffer.alloc(1024 ** 2))
    await image('backed.qcow2', '-b', '/etc/passwd', '-F', 'raw')
    await image('split.qcow2', '-o', `data_file=${path.join(dir, 'secret.raw')}`)
    await writeFile(path.join(dir, 'text.qcow2'), 'no disk')
    await image('good.qcow2')
    const problems = Object.fromEntries(
      (await hypervisor.listImages()).map(({ name, problem }) => [name, problem]),
    )
    expect(problems).toMatchObject({
      backed: expect.stringContaining('backing file'),
      split: expect.stringContaining('external data file'),
      text: expect.stringContaining('qcow2'),
      good: null,
    })
    expect(await rejectionOf(createMachine({ image: 'backed' }))).toMatchObject({
      code: 'machine.image_broken',
    })
  })
})

/**
 * A program for Linux on x86-64 that reports a panic to QEMU like a kernel (QEMU, docs/specs/pvpanic): it sets bit 0 at port
 * 0x505. An ELF file of 159 bytes, loaded at 0x400000, with one segment.
 */
const PANIC_PROGRAM = Buffer.from(
  [
    '7f454c46020101000000000000000000 0200 3e00 01000000 7800400000000000 4000000000000000',
    '0000000000000000 00000000 4000 3800 0100 0000 0000 0000',
    '01000000 05000000 0000000000000000 0000400000000000 0000400000000000',
    '9f00000000000000 9f00000000000000 0010000000000000',
    'bf05050000 be01000000 ba01000000 b8ad000000 0f05', // ioperm(0x505, 1, 1)
    'ba05050000 b001 ee', // outb(1, 0x505)
    'b83c000000 31ff 0f05', // exit(0)
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
)

async function runProgramHere(file: string, args: string[]) {
  const [code] = (await once(spawn(file, args, { stdio: 'inherit' }), 'exit')) as [number]
  expect(code).toBe(0)
}

/** Starts a process with its own driver, like a worker. */
function startWorker(code: string) {
  const head = `
    import { QemuHypervisor } from '@/worker/machines/drivers/qemu/qemu-hypervisor'
    const driver = await QemuHypervisor.open({ dataDir: ${JSON.stringify(dataDir)}, isConfined: true, answerMs: 90_000 })`
  return spawnNode(head + code)
}

function spawnNode(code: string, env: Record<string, string> = {}) {
  return spawn(process.execPath, evalArgs(code), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
}

async function readSessionId(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]
}
