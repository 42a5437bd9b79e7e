// Over 200 lines because all stages of a machine's life share one driver and one template.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { getPriority } from 'node:os'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { listProcessIds } from '@/worker/machines/drivers/qemu/state/processes'
import { NICENESS } from '@/worker/process/niceness'
import { readStartTicks } from '@/worker/process/process-identity'
import { runScriptIn } from '@/tests/support/guest-commands'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { PANIC_PROGRAM } from '@/tests/support/panic-program'
import { killAndWait } from '@/tests/support/processes'
import { useQemuFixture } from '@/tests/support/qemu-fixture'
import { rejectionOf } from '@/tests/support/rejection-of'

const fixture = useQemuFixture()

describe('a machine', () => {
  it.each(['disk', 'boot', 'answer'])(
    'is created once by the next worker when its worker is killed in stage %s',
    async (at) => {
      const spec = createMachineSpec()
      const worker = fixture.startWorker(`
      const on = { signal: new AbortController().signal, onStage: (stage) => stage === '${at}' && process.stdout.write(stage) }
      await driver.create(${JSON.stringify(spec)}, on)
      setInterval(() => {}, 1000)`)
      await once(worker.stdout, 'data')
      await killAndWait(worker)
      await fixture.hypervisor.create(spec, { signal: neverAborted })
      expect((await fixture.runScript(spec.id, 'hostname')).output).toBe('contract\n')
      const sessions = await Promise.all((await listProcessIds(spec.id)).map(readSessionId))
      expect(new Set(sessions).size).toBe(1)
      await fixture.hypervisor.destroy(spec.id)
      expect(await listProcessIds(spec.id)).toEqual([])
    },
  )

  it('outlives a killed worker and is found unchanged by the next', async () => {
    const { id } = createMachineSpec()
    const worker = fixture.startWorker(`
      await driver.create(${JSON.stringify(createMachineSpec({ id }))}, { signal: new AbortController().signal })
      process.stdout.write('created')
      setInterval(() => {}, 1000)`)
    await once(worker.stdout, 'data')
    const pids = await listProcessIds(id)
    const observation = await fixture.hypervisor.observe(id)
    // Busy guests leave the web process responsive.
    const niceness = Math.min(19, getPriority() + NICENESS.machine)
    for (const pid of pids) expect(await readNiceness(pid)).toBe(niceness)
    await killAndWait(worker)
    const later = await fixture.open()
    expect(await listProcessIds(id)).toEqual(pids)
    expect(await later.observe(id)).toEqual(observation)
    expect((await runScriptIn(later, id, 'hostname')).output).toBe('contract\n')
    await later.destroy(id)
    await later.close()
  })

  it('has a limited console log and keeps running when it prints endlessly while no worker runs', async () => {
    const id = await fixture.createMachine()
    const { diskMiB, memoryMiB } = createMachineSpec().size
    const log = path.join(fixture.machineDir(id), 'console.log')
    await fixture.runScript(id, 'yes 0123456789abcdef0123456789abcdef >/dev/ttyS0 &')
    await fixture.hypervisor.close()
    const bytes = (await stat(log)).size + 200_000
    for (const pid of await listProcessIds(id)) {
      const limits = await readFile(`/proc/${pid}/limits`, 'utf8')
      expect(limits).toMatch(new RegExp(`Max file size +${(diskMiB + memoryMiB + 1024) * 1024 ** 2} `))
      // A lower limit, to reach it sooner.
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`])
    }
    await expect.poll(async () => (await stat(log)).size, { timeout: 60_000 }).toBe(bytes)
    fixture.hypervisor = await fixture.open()
    expect((await fixture.runScript(id, 'pidof yes && echo still running')).output).toContain('still running')
    expect((await stat(log)).size).toBe(bytes)
    await fixture.hypervisor.destroy(id)
  })

  it('is observed as stopped, with the reason, after its process was killed', async () => {
    const id = await fixture.createMachine()
    const console = await fixture.hypervisor.openConsole(id)
    const ended = new Promise<void>((resolve) => console.onEnd(resolve))
    // Killing the first process ends the others.
    process.kill(Math.min(...(await listProcessIds(id))), 'SIGKILL')
    await ended
    await vi.waitFor(async () =>
      expect(await fixture.hypervisor.observe(id)).toMatchObject({
        state: 'stopped',
        reason: expect.stringMatching(/emulator/),
      }),
    )
    expect(await fixture.hypervisor.start(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
    await fixture.hypervisor.destroy(id)
  })

  it('is not confused with another process that has its PID and start time after a reboot of the host', async () => {
    const id = await fixture.createMachine()
    await fixture.hypervisor.stop(id, { graceMs: 0, signal: neverAborted })
    const unrelated = spawn('sleep', ['1000'])
    const state = JSON.parse(
      await readFile(path.join(fixture.machineDir(id), 'machine.json'), 'utf8'),
    ) as object
    const process = { pid: unrelated.pid!, startTicks: await readStartTicks(unrelated.pid!) }
    await writeFile(path.join(fixture.machineDir(id), 'machine.json'), JSON.stringify({ ...state, process }))
    expect(await fixture.hypervisor.observe(id)).toMatchObject({ state: 'stopped' })
    expect(await fixture.hypervisor.start(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
    await fixture.hypervisor.destroy(id)
    expect(await readStartTicks(unrelated.pid!)).toBe(process.startTicks)
    unrelated.kill()
  })

  it('reports a kernel panic and a shutdown from inside the guest', async () => {
    const id = await fixture.createMachine()
    void rejectionOf(fixture.runScript(id, 'echo c >/proc/sysrq-trigger'))
    await vi.waitFor(
      async () =>
        expect(await fixture.hypervisor.observe(id)).toMatchObject({
          state: 'stopped',
          reason: expect.stringMatching(/panic/),
        }),
      { timeout: 20_000, interval: 100 },
    )
    await fixture.hypervisor.start(id, { signal: neverAborted })
    void rejectionOf(fixture.runScript(id, 'poweroff'))
    await vi.waitFor(
      async () =>
        expect(await fixture.hypervisor.observe(id)).toMatchObject({
          state: 'stopped',
          reason: expect.stringMatching(/inside/),
        }),
      { timeout: 20_000, interval: 100 },
    )
    expect(await listProcessIds(id)).toEqual([])
    await fixture.hypervisor.destroy(id)
  })

  it('reports a forged panic message without its control characters', async () => {
    const id = await fixture.createMachine()
    const print = String.raw`printf 'Kernel panic - not syncing: a\000b\033[2J\n' >/dev/ttyS0`
    const octal = [...PANIC_PROGRAM].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
    // stty(1) waits until the output has been sent.
    const script = `${print}; stty -F /dev/ttyS0 cs8; printf '${octal}' >/panics; chmod +x /panics; /panics`
    void rejectionOf(fixture.runScript(id, script))
    await vi.waitFor(
      async () =>
        expect(await fixture.hypervisor.observe(id)).toMatchObject({
          state: 'stopped',
          reason: 'Kernel panic: a b [2J.',
        }),
      { timeout: 20_000, interval: 100 },
    )
    await fixture.hypervisor.destroy(id)
  })

  it('fails to start with machine.panicked and leaves no process when its kernel panics during boot', async () => {
    const id = await fixture.createMachine()
    await fixture.runScript(id, 'rm /sbin/init')
    await fixture.hypervisor.createSnapshot(id, { name: 'without-init', signal: neverAborted })
    await fixture.hypervisor.destroy(id)
    const spec = createMachineSpec({ image: 'without-init' })
    expect(await rejectionOf(fixture.hypervisor.create(spec, { signal: neverAborted }))).toMatchObject({
      code: 'machine.panicked',
    })
    expect(await listProcessIds(spec.id)).toEqual([])
    await fixture.hypervisor.destroy(spec.id)
    await fixture.hypervisor.removeSnapshot('without-init')
  })

  it('boots with its new size after a resize while stopped', async () => {
    const id = await fixture.createMachine()
    await fixture.hypervisor.stop(id, { graceMs: 10_000, signal: neverAborted })
    await fixture.hypervisor.resize(id, { cpus: 2, memoryMiB: 256, diskMiB: 512 })
    await fixture.hypervisor.start(id, { signal: neverAborted })
    const script = "nproc; awk '/MemTotal/ {print $2}' /proc/meminfo; df -k / | awk 'NR==2 {print $2}'"
    const [cpus, memoryKiB, diskKiB] = (await fixture.runScript(id, script)).output.split('\n').map(Number)
    expect(cpus).toBe(2)
    expect(memoryKiB).toBeGreaterThan(180 * 1024)
    expect(diskKiB).toBeGreaterThan(450 * 1024)
    await fixture.hypervisor.destroy(id)
  })

  it('leaves nothing behind when it is destroyed during creation', async () => {
    for (const at of ['disk', 'boot', 'answer'] as const) {
      const spec = createMachineSpec()
      let destroyed: Promise<void> | undefined
      const onStage = (stage: string) =>
        void (stage === at && (destroyed ??= fixture.hypervisor.destroy(spec.id)))
      expect(
        await rejectionOf(fixture.hypervisor.create(spec, { signal: neverAborted, onStage })),
      ).toMatchObject({
        code: 'machine.removed',
      })
      await destroyed
      expect(await listProcessIds(spec.id)).toEqual([])
      expect(await readdir(path.join(fixture.dataDir, 'machines'))).not.toContain(spec.id)
    }
  })
})

const readSessionId = async (pid: number) => (await readStatFields(pid))[3]
const readNiceness = async (pid: number) => Number((await readStatFields(pid))[16])

/** The fields of proc(5) after the name of the program. */
async function readStatFields(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
