import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Hypervisor, MachineSpec, Stage } from '@/worker/machines/hypervisor'
import { TEST_SIZE, createMachineSpec } from '../machine-spec'

const neverAborted = new AbortController().signal

/** Runs a script in a machine and keeps what it prints. */
export async function runScriptIn(hypervisor: Hypervisor, id: string, script: string, timeoutMs = 20_000) {
  let output = ''
  const onOutput = (bytes: Buffer) => void (output += bytes.toString())
  const { exitCode } = await hypervisor.execute(id, { script, timeoutMs, signal: neverAborted, onOutput })
  return { exitCode, output }
}

/** Types into a console, and waits for what comes back. */
export async function typeIntoConsole(hypervisor: Hypervisor, id: string, line: string, expected: RegExp) {
  const console = await hypervisor.openConsole(id)
  let heard = ''
  console.onData((bytes) => void (heard += bytes.toString()))
  console.write(Buffer.from(`${line}\n`))
  await vi.waitFor(() => expect(heard).toMatch(expected), { timeout: 15_000, interval: 20 })
  console.close()
  return heard
}

/** What every driver does, real or not. */
export function describeHypervisor(name: string, open: () => Promise<Hypervisor>) {
  describe(`${name}: the contract`, () => {
    let hypervisor: Hypervisor
    const spec = createMachineSpec()
    const { id } = spec
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => 'no failure',
        (error: unknown) => error,
      )
    const after: string[] = [id]
    beforeAll(async () => {
      hypervisor = await open()
    })
    afterAll(async () => {
      for (const each of after) await hypervisor.destroy(each)
      await hypervisor.close()
    })

    it('says what it is and offers tiny', async () => {
      expect(await hypervisor.describe()).toMatchObject({ problem: null, note: expect.stringMatching(/\.$/) })
      expect(await hypervisor.listImages()).toContainEqual(
        expect.objectContaining({ name: 'tiny', problem: null }),
      )
    })

    it('refuses what cannot be', async () => {
      const ask = (more: Partial<MachineSpec>) =>
        failure(hypervisor.create(createMachineSpec(more), { signal: neverAborted }))
      expect(await ask({ image: 'nowhere' })).toMatchObject({ code: 'machine.image_unknown' })
      const small = { ...TEST_SIZE, memoryMiB: 8 }
      expect(await ask({ size: small })).toMatchObject({ code: 'machine.too_small' })
      const stopped = AbortSignal.abort(new Error('canceled'))
      expect(await failure(hypervisor.create(createMachineSpec(), { signal: stopped }))).toMatchObject({
        message: 'canceled',
      })
      for (const left of await hypervisor.list()) await hypervisor.destroy(left)
      expect(await hypervisor.list()).toEqual([])
    })

    it('makes a machine in stages, and only once', async () => {
      expect(await hypervisor.observe(id)).toEqual({ state: 'absent' })
      const stages: Stage[] = []
      const on = { signal: neverAborted, onStage: (stage: Stage) => void stages.push(stage) }
      const made = await hypervisor.create(spec, on)
      expect(made).toMatchObject({ state: 'running', startedAt: expect.any(Date) })
      expect([...new Set(stages)]).toEqual(['reserve', 'image', 'disk', 'boot', 'answer'])
      expect(await hypervisor.create(spec, { signal: neverAborted })).toEqual(made)
      expect(await hypervisor.list()).toEqual([id])
    })

    it('has a console that answers, for several at once, and is recorded', async () => {
      const other = await hypervisor.openConsole(id)
      let seen = ''
      other.onData((bytes) => void (seen += bytes.toString()))
      await typeIntoConsole(hypervisor, id, 'echo $((6*7))', /\n42\r/)
      await vi.waitFor(() => expect(seen).toMatch(/\n42\r/))
      other.close()
      const recorded = await hypervisor.readConsoleRecording(id)
      expect(Buffer.concat(recorded.map(({ bytes }) => bytes)).toString()).toMatch(/\n42\r/)
      const times = recorded.map(({ at }) => at.getTime())
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(Date.now() - times.at(-1)!).toBeLessThan(15_000)
    })

    it('runs scripts, with their output and exit code', async () => {
      expect(await runScriptIn(hypervisor, id, 'echo one\nhostname\nexit 3')).toEqual({
        exitCode: 3,
        output: 'one\ncontract\n',
      })
      expect(await runScriptIn(hypervisor, id, 'true')).toEqual({ exitCode: 0, output: '' })
      expect((await runScriptIn(hypervisor, id, 'no-such-program')).exitCode).toBe(127)
    })

    it('ends a script that takes too long, or that nobody wants any more', async () => {
      expect(await failure(runScriptIn(hypervisor, id, 'sleep 1000', 300))).toMatchObject({
        code: 'machine.script_timeout',
      })
      const stop = new AbortController()
      const running = hypervisor.execute(id, {
        script: 'echo begun\nsleep 1000',
        timeoutMs: 60_000,
        signal: stop.signal,
        onOutput: () => stop.abort(new Error('canceled')),
      })
      expect(await failure(running)).toMatchObject({ message: 'canceled' })
      expect((await runScriptIn(hypervisor, id, 'echo still here')).output).toBe('still here\n')
    })

    it('leaves a machine that lacks nothing as it is, when it is to be repaired', async () => {
      const before = await hypervisor.observe(id)
      await hypervisor.repair(id)
      await hypervisor.repair(randomUUID())
      expect(await hypervisor.observe(id)).toEqual(before)
    })

    it('tells what a machine uses', async () => {
      const { cpuSeconds, memoryBytes, diskBytes } = await hypervisor.readUsage(id)
      expect(Math.min(cpuSeconds, memoryBytes, diskBytes)).toBeGreaterThan(0)
    })

    it('keeps a disk as an image', async () => {
      await hypervisor.createSnapshot(id, { name: 'kept', signal: neverAborted })
      expect(await hypervisor.listImages()).toContainEqual(
        expect.objectContaining({ name: 'kept', problem: null }),
      )
      await hypervisor.removeSnapshot('kept')
      expect(await hypervisor.listImages()).not.toContainEqual(expect.objectContaining({ name: 'kept' }))
    })

    it('stops and starts again, and stays what it was', async () => {
      expect(await failure(hypervisor.resize(id, TEST_SIZE))).toMatchObject({ code: 'machine.not_stopped' })
      let isEnded = false
      const console = await hypervisor.openConsole(id)
      console.onEnd(() => void (isEnded = true))
      await hypervisor.stop(id, { graceMs: 15_000, signal: neverAborted })
      expect(await hypervisor.observe(id)).toEqual({ state: 'stopped' })
      await vi.waitFor(() => expect(isEnded).toBe(true))
      await hypervisor.stop(id, { graceMs: 0, signal: neverAborted })
      for (const work of ['openConsole', 'readUsage', 'connect'] as const)
        expect(await failure(hypervisor[work](id, 80))).toMatchObject({ code: 'machine.not_running' })
      const larger = { ...TEST_SIZE, diskMiB: TEST_SIZE.diskMiB + 64 }
      expect(await failure(hypervisor.resize(id, { ...TEST_SIZE, diskMiB: 64 }))).toMatchObject({
        code: 'machine.disk_shrinks',
      })
      await hypervisor.resize(id, larger)
      expect(await hypervisor.start(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
      expect((await runScriptIn(hypervisor, id, 'hostname')).output).toBe('contract\n')
    })

    it('is gone after it was destroyed, whatever it was doing', async () => {
      const running = failure(runScriptIn(hypervisor, id, 'sleep 1000'))
      await hypervisor.destroy(id)
      await hypervisor.destroy(id)
      expect(await hypervisor.observe(id)).toEqual({ state: 'absent' })
      expect(await hypervisor.list()).toEqual([])
      if (hypervisor.name !== 'fake') expect(await running).toMatchObject({ code: 'machine.silent' })
    })

    it('stops making one that is destroyed meanwhile', async () => {
      const early = createMachineSpec()
      let destroyed: Promise<void> | undefined
      const onStage = (stage: Stage) => void (stage === 'boot' && (destroyed = hypervisor.destroy(early.id)))
      expect(await failure(hypervisor.create(early, { signal: neverAborted, onStage }))).toMatchObject({
        code: 'machine.removed',
      })
      await destroyed
      expect(await hypervisor.list()).toEqual([])
    })
  })
}
