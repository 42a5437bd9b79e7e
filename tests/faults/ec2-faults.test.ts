import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { RetryLater } from '@/lib/errors'
import { consoleAnswer, NO_INSTANCES } from '@/tests/support/ec2-fault-proxy'
import { useEc2 } from '@/tests/support/ec2-fixture'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { rejectionOf } from '@/tests/support/rejection-of'
import type { MachineSpec } from '@/worker/machines/hypervisor'

const ec2 = await useEc2()
afterAll(() => ec2?.stop())

describe.skipIf(!ec2)('an instance of EC2', () => {
  const { proxy, open, listInstances } = ec2!
  afterEach(() => proxy.setFault(() => null))
  /** Breaks the first `times` requests of an action. */
  const breakFirst = (
    times: number,
    action: string,
    fault: ReturnType<Parameters<typeof proxy.setFault>[0]>,
  ) => {
    let left = times
    proxy.setFault((one) => (one === action && left-- > 0 ? fault : null))
  }
  const create = async (driver = open(), more: Partial<MachineSpec> = {}) => {
    const spec = createMachineSpec(more)
    const observation = await driver.create(spec, { signal: neverAborted })
    return { driver, spec, observation }
  }

  it('is launched once when the answer is lost', async () => {
    breakFirst(1, 'RunInstances', { loseResponse: true })
    const { spec, observation } = await create()
    expect(observation.state).toBe('running')
    expect(await listInstances(spec.id)).toHaveLength(1)
  })

  it('is launched once when the answer is lost and its worker with it, and EC2 does not list it yet', async () => {
    const spec = createMachineSpec()
    proxy.setFault((action) => (action === 'RunInstances' ? { loseResponse: true } : null))
    const lost = open({ patienceMs: 0 })
    expect(await rejectionOf(lost.create(spec, { signal: neverAborted }))).toMatchObject({
      code: 'machine.cloud_unavailable',
    })
    breakFirst(3, 'DescribeInstances', { answer: NO_INSTANCES })
    await open().create(spec, { signal: neverAborted })
    expect(await listInstances(spec.id)).toHaveLength(1)
  })

  it('is adopted when it was launched under another configuration, and EC2 does not list it yet', async () => {
    const spec = createMachineSpec()
    const first = open({ instanceTypes: new Map([['t3.medium', null]]) })
    await first.create(spec, { signal: neverAborted })
    breakFirst(4, 'DescribeInstances', { answer: NO_INSTANCES })
    await open().create(spec, { signal: neverAborted })
    expect(await listInstances(spec.id)).toHaveLength(1)
  })

  it('is observed while EC2 does not list it, and terminated while EC2 does not know it', async () => {
    const { driver, spec } = await create()
    proxy.setFault((action) => (action === 'DescribeInstances' ? { answer: NO_INSTANCES } : null))
    expect(await driver.observeAll()).toEqual(new Map([[spec.id, { state: 'changing' }]]))
    let unknown = 2
    proxy.setFault((action) => {
      if (action === 'DescribeInstances') return { answer: NO_INSTANCES }
      if (action !== 'TerminateInstances' || unknown-- <= 0) return null
      return { status: 400, code: 'InvalidInstanceID.NotFound' }
    })
    await driver.destroy(spec.id)
    expect((await listInstances(spec.id)).map(({ State }) => State?.Name)).toEqual(['terminated'])
  })

  it('waits for capacity', async () => {
    const driver = open({ patienceMs: 0 })
    const spec = createMachineSpec()
    breakFirst(1, 'RunInstances', { status: 500, code: 'InsufficientInstanceCapacity' })
    expect(await rejectionOf(driver.create(spec, { signal: neverAborted }))).toBeInstanceOf(RetryLater)
    expect(await driver.create(spec, { signal: neverAborted })).toMatchObject({ state: 'running' })
    expect(await listInstances(spec.id)).toHaveLength(1)
  })

  it('fails at once when the limits of the account are reached', async () => {
    breakFirst(1, 'RunInstances', { status: 400, code: 'VcpuLimitExceeded' })
    const failed = open().create(createMachineSpec(), { signal: neverAborted })
    expect(await rejectionOf(failed)).toMatchObject({ code: 'machine.no_room' })
  })

  it('outlasts throttling of every request', async () => {
    const driver = open()
    const throttled = new Map<string, number>()
    proxy.setFault((action) => {
      const count = (throttled.get(action) ?? 0) + 1
      throttled.set(action, count)
      return count <= 2 ? { status: 503, code: 'RequestLimitExceeded' } : null
    })
    const { spec } = await create(driver)
    await driver.stop(spec.id, { graceMs: 0, signal: neverAborted })
    await driver.destroy(spec.id)
    expect(Math.min(...throttled.values())).toBeGreaterThan(2)
    expect((await listInstances(spec.id)).map(({ State }) => State?.Name)).toEqual(['terminated'])
  })

  it('shares requests with those that are created at the same time', async () => {
    const driver = open()
    const before = proxy.actions.length
    const specs = Array.from({ length: 20 }, () => createMachineSpec())
    await Promise.all(specs.map((spec) => driver.create(spec, { signal: neverAborted })))
    const describes = proxy.actions.slice(before).filter((action) => action === 'DescribeInstances')
    // Each on its own would need four.
    expect(describes.length).toBeLessThan(2 * specs.length)
    for (const { id } of specs) await driver.destroy(id)
  })

  it('is launched again after it was terminated', async () => {
    const { driver, spec } = await create()
    await driver.destroy(spec.id)
    await driver.create(spec, { signal: neverAborted })
    const states = (await listInstances(spec.id)).map(({ State }) => State?.Name)
    expect(new Set(states)).toEqual(new Set(['running', 'terminated']))
    expect(states).toHaveLength(2)
  })

  it('has the marks, the network and the disk of its machine', async () => {
    const { spec } = await create()
    const [instance] = await listInstances(spec.id)
    expect(instance).toMatchObject({
      InstanceType: 't3.nano',
      SecurityGroups: [{ GroupId: ec2!.settings.isolatedGroup }],
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Tags: expect.arrayContaining([
        { Key: 'meanwhile:installation', Value: 'host' },
        { Key: 'Name', Value: spec.hostname },
      ]),
    })
  })

  it('reports its script from its console, whose beginning EC2 drops', async () => {
    const { driver, spec } = await create(open(), {
      bootScript: { script: 'echo one', endToken: 'a1' },
    })
    const texts = ['boot\r\n[meanwhile] | one\r\n', '[meanwhile] | two\r\n', '[meanwhile] exit 3 a1\r\n']
    let reads = 0
    proxy.setFault((action, parameters) => {
      if (action !== 'GetConsoleOutput') return null
      // Only the Nitro system has the latest output.
      if (parameters.has('Latest')) return { status: 400, code: 'UnsupportedOperation' }
      const end = Math.min(++reads, texts.length)
      return { answer: consoleAnswer(texts.slice(Math.max(0, end - 2), end).join('')) }
    })
    let output = ''
    const onOutput = (bytes: Buffer) => void (output += bytes.toString())
    const wait = { endToken: 'a1', timeoutMs: 20_000, signal: neverAborted, onOutput }
    expect(await driver.waitForBootScript(spec.id, wait)).toEqual({ exitCode: 3 })
    expect(output).toBe('one\ntwo\n')
  })

  it('shows what its console prints to viewers until it stops', async () => {
    const { driver, spec } = await create()
    let text = 'boot'
    proxy.setFault((action) => (action === 'GetConsoleOutput' ? { answer: consoleAnswer(text) } : null))
    const console = await driver.openConsole(spec.id)
    let output = ''
    let isEnded = false
    console.onData((bytes) => void (output += bytes.toString()))
    console.onEnd(() => void (isEnded = true))
    const [recorded] = await driver.readConsoleRecording(spec.id)
    expect(recorded!.bytes.toString()).toBe('boot')
    text = 'boot login:'
    await expect.poll(() => output).toBe(' login:')
    await driver.stop(spec.id, { graceMs: 0, signal: neverAborted })
    await expect.poll(() => isEnded).toBe(true)
  })

  it('is refused with outbound network without a group for it, and by a group with rules', async () => {
    const request = createMachineSpec({ network: 'outbound' })
    expect(await rejectionOf(open().create(request, { signal: neverAborted }))).toMatchObject({
      code: 'machine.network_unavailable',
    })
    expect(await open({ isolatedGroup: ec2!.server.openGroup }).describe()).toMatchObject({
      problem: expect.stringContaining('has rules'),
    })
  })
})
