import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { MachineCapabilities } from '@/lib/machines/capabilities'
import type { Hypervisor, MachineSpec } from '@/worker/machines/hypervisor'
import { runScriptIn, typeIntoConsole } from '../guest-commands'
import { TEST_SIZE, createMachineSpec } from '../machine-spec'
import { neverAborted } from '../never-aborted'
import { rejectionOf } from '../rejection-of'

/** The tests that every hypervisor driver passes, as far as its capabilities go. */
export function describeHypervisor(
  name: string,
  open: (hostId: string) => Promise<Hypervisor>,
  { without = [] }: { without?: readonly (keyof MachineCapabilities)[] } = {},
) {
  const can = (capability: keyof MachineCapabilities) => !without.includes(capability)
  describe(`the ${name} hypervisor`, () => {
    let hypervisor: Hypervisor
    const spec = createMachineSpec()
    const { id } = spec
    beforeAll(async () => {
      hypervisor = await open('host')
    })
    afterAll(async () => {
      await hypervisor.destroy(id)
      await hypervisor.close()
    })

    it('describes itself and offers the image tiny', async () => {
      const facts = await hypervisor.describe()
      expect(facts).toMatchObject({ problem: null, note: expect.stringMatching(/\.$/) })
      expect(facts.kinds).not.toEqual([])
      const operations = ['console', 'execute', 'ports', 'snapshots', 'resize'] as const
      expect(operations.filter((operation) => hypervisor.capabilities[operation])).toEqual(
        operations.filter(can),
      )
      expect(hypervisor.maxStreamsPerMachine).toBeGreaterThan(2)
      expect(await hypervisor.listImages()).toContainEqual(
        expect.objectContaining({ name: 'tiny', kind: facts.kinds[0], problem: null }),
      )
    })

    it('refuses an unknown image, a size that is too small and an aborted signal', async () => {
      const create = (more: Partial<MachineSpec>) =>
        rejectionOf(hypervisor.create(createMachineSpec(more), { signal: neverAborted }))
      expect(await create({ image: 'nowhere' })).toMatchObject({ code: 'machine.image_unknown' })
      const small = { ...TEST_SIZE, memoryMiB: 8 }
      expect(await create({ size: small })).toMatchObject({ code: 'machine.too_small' })
      const stopped = AbortSignal.abort(new Error('canceled'))
      expect(await rejectionOf(hypervisor.create(createMachineSpec(), { signal: stopped }))).toMatchObject({
        message: 'canceled',
      })
      for (const left of (await hypervisor.observeAll()).keys()) await hypervisor.destroy(left)
      expect(await hypervisor.observeAll()).toEqual(new Map())
    })

    it('creates a machine in stages, and only once', async () => {
      const stages: string[] = []
      const on = { signal: neverAborted, onStage: (stage: string) => void stages.push(stage) }
      const created = await hypervisor.create(spec, on)
      expect(created).toMatchObject({ state: 'running', startedAt: expect.any(Date) })
      expect([...new Set(stages)]).toEqual(hypervisor.stages.map(({ name }) => name))
      expect(await hypervisor.create(spec, { signal: neverAborted })).toEqual(created)
      expect(await hypervisor.observeAll()).toEqual(new Map([[id, created]]))
    })

    it.runIf(can('consoleInput'))('serves a console to several viewers and records it', async () => {
      const other = await hypervisor.openConsole(id)
      let otherOutput = ''
      other.onData((bytes) => void (otherOutput += bytes.toString()))
      await typeIntoConsole(hypervisor, id, 'echo $((6*7))', /\n42\r/)
      await vi.waitFor(() => expect(otherOutput).toMatch(/\n42\r/))
      other.close()
      const recorded = await hypervisor.readConsoleRecording(id)
      expect(Buffer.concat(recorded.map(({ bytes }) => bytes)).toString()).toMatch(/\n42\r/)
      const times = recorded.map(({ at }) => at.getTime())
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(Date.now() - times.at(-1)!).toBeLessThan(15_000)
    })

    it.runIf(can('execute'))('runs scripts and returns their output and exit code', async () => {
      expect(await runScriptIn(hypervisor, id, 'echo one\nhostname\nexit 3')).toEqual({
        exitCode: 3,
        output: 'one\ncontract\n',
      })
      expect(await runScriptIn(hypervisor, id, 'true')).toEqual({ exitCode: 0, output: '' })
      expect((await runScriptIn(hypervisor, id, 'no-such-program')).exitCode).toBe(127)
    })

    it.runIf(can('execute'))('kills a script after its timeout and on abort', async () => {
      expect(await rejectionOf(runScriptIn(hypervisor, id, 'sleep 1000', 300))).toMatchObject({
        code: 'machine.script_timeout',
      })
      const stop = new AbortController()
      const running = hypervisor.execute(id, {
        script: 'echo begun\nsleep 1000',
        timeoutMs: 60_000,
        signal: stop.signal,
        onOutput: () => stop.abort(new Error('canceled')),
      })
      expect(await rejectionOf(running)).toMatchObject({ message: 'canceled' })
      expect((await runScriptIn(hypervisor, id, 'echo still here')).output).toBe('still here\n')
    })

    it('changes nothing when a healthy or absent machine is repaired', async () => {
      const before = await hypervisor.observeAll()
      await hypervisor.repair(id)
      await hypervisor.repair(randomUUID())
      expect(await hypervisor.observeAll()).toEqual(before)
    })

    it.runIf(can('usage'))('reports the resource usage of a machine', async () => {
      const { cpuSeconds, memoryBytes, diskBytes } = await hypervisor.readUsage(id)
      expect(Math.min(cpuSeconds, memoryBytes)).toBeGreaterThan(0)
      // Not every storage measures it.
      expect(diskBytes).toBeGreaterThanOrEqual(0)
    })

    it.runIf(can('snapshots'))('offers a snapshot as an image until it is removed', async () => {
      await hypervisor.createSnapshot(id, { name: 'snapshot', signal: neverAborted })
      expect(await hypervisor.listImages()).toContainEqual(
        expect.objectContaining({ name: 'snapshot', problem: null }),
      )
      await hypervisor.removeSnapshot('snapshot')
      expect(await hypervisor.listImages()).not.toContainEqual(expect.objectContaining({ name: 'snapshot' }))
    })

    it('neither lists nor touches the machines of another owner', async () => {
      const before = await hypervisor.observeAll()
      const other = await open('other-host')
      expect(await other.observeAll()).toEqual(new Map())
      await other.destroy(id)
      await other.stop(id, { graceMs: 0, signal: neverAborted })
      expect(await rejectionOf(other.create(spec, { signal: neverAborted }))).toMatchObject({
        code: 'machine.not_owned',
      })
      await other.close()
      expect(await hypervisor.observeAll()).toEqual(before)
    })

    it('stops and starts a machine, which keeps its identity', async () => {
      let isEnded = !can('console')
      if (can('console')) (await hypervisor.openConsole(id)).onEnd(() => void (isEnded = true))
      await hypervisor.stop(id, { graceMs: 15_000, signal: neverAborted })
      expect(await hypervisor.observeAll()).toEqual(new Map([[id, { state: 'stopped' }]]))
      await vi.waitFor(() => expect(isEnded).toBe(true))
      await hypervisor.stop(id, { graceMs: 0, signal: neverAborted })
      const refused = { code: 'machine.not_running' }
      if (can('usage')) expect(await rejectionOf(hypervisor.readUsage(id))).toMatchObject(refused)
      if (can('console')) expect(await rejectionOf(hypervisor.openConsole(id))).toMatchObject(refused)
      if (can('ports')) expect(await rejectionOf(hypervisor.connect(id, 80))).toMatchObject(refused)
      expect(await hypervisor.start(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
      if (can('execute')) expect((await runScriptIn(hypervisor, id, 'hostname')).output).toBe('contract\n')
    })

    it.runIf(can('resize'))('resizes a machine while it is stopped, and never shrinks its disk', async () => {
      expect(await rejectionOf(hypervisor.resize(id, TEST_SIZE))).toMatchObject({
        code: 'machine.not_stopped',
      })
      await hypervisor.stop(id, { graceMs: 0, signal: neverAborted })
      expect(await rejectionOf(hypervisor.resize(id, { ...TEST_SIZE, diskMiB: 64 }))).toMatchObject({
        code: 'machine.disk_shrinks',
      })
      await hypervisor.resize(id, { ...TEST_SIZE, diskMiB: TEST_SIZE.diskMiB + 64 })
      expect(await hypervisor.start(id, { signal: neverAborted })).toMatchObject({ state: 'running' })
    })

    it('destroys a machine while a script runs, and does nothing when repeated', async () => {
      const running = can('execute') ? rejectionOf(runScriptIn(hypervisor, id, 'sleep 1000')) : undefined
      await hypervisor.destroy(id)
      await hypervisor.destroy(id)
      expect(await hypervisor.observeAll()).toEqual(new Map())
      if (running && hypervisor.name !== 'fake')
        expect(await running).toMatchObject({ code: 'machine.silent' })
    })

    it('aborts the creation of a machine that is destroyed', async () => {
      const unfinished = createMachineSpec()
      let destroyed: Promise<void> | undefined
      const onStage = (stage: string) =>
        void (stage === hypervisor.stages.at(-1)!.name && (destroyed = hypervisor.destroy(unfinished.id)))
      expect(
        await rejectionOf(hypervisor.create(unfinished, { signal: neverAborted, onStage })),
      ).toMatchObject({
        code: 'machine.removed',
      })
      await destroyed
      expect(await hypervisor.observeAll()).toEqual(new Map())
    })
  })
}
