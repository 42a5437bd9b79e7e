import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type WebSocket from 'ws'
import { runScriptIn, typeIntoConsole } from '@/tests/support/guest-commands'
import { startLxdServer } from '@/tests/support/lxd-server'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { rejectionOf } from '@/tests/support/rejection-of'
import { Cluster } from '@/worker/machines/drivers/incus/cluster'
import { ConsoleRelay } from '@/worker/machines/drivers/incus/console-relay'
import { IncusHypervisor } from '@/worker/machines/drivers/incus/incus-hypervisor'

const server = await startLxdServer()
const certificateDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-incus-'))
afterAll(async () => {
  await server?.stop()
  await rm(certificateDir, { recursive: true, force: true })
})

describe.skipIf(!server)('the daemon of a cluster', () => {
  const settings = {
    url: server?.socketUrl ?? '',
    installationId: 'daemon',
    certificateDir,
    project: 'default',
    profile: 'default',
    answerMs: 30_000,
  }
  const createMachine = async (driver: IncusHypervisor) => {
    const spec = createMachineSpec()
    await driver.create(spec, { signal: neverAborted })
    return spec.id
  }

  it('may be killed during an open console: the machine keeps running, and its console opens again', async () => {
    const driver = new IncusHypervisor(settings)
    const id = await createMachine(driver)
    const before = await driver.observeAll()
    const viewer = await driver.openConsole(id)
    const ended = new Promise<void>((resolve) => viewer.onEnd(resolve))
    await server!.killDaemon()
    await ended
    expect(await rejectionOf(driver.observeAll())).toMatchObject({ code: 'machine.cluster_unavailable' })
    expect(await rejectionOf(driver.openConsole(id))).toMatchObject({ code: 'machine.cluster_unavailable' })
    expect(await rejectionOf(runScriptIn(driver, id, 'true'))).toMatchObject({
      code: 'machine.cluster_unavailable',
    })
    await server!.restartDaemon()
    expect(await driver.observeAll()).toEqual(before)
    // LXD types a reset sequence into a console that its client has left.
    await typeIntoConsole(driver, id, '\necho $((6*7))', /\n42\r/)
    expect(await runScriptIn(driver, id, 'echo works')).toEqual({ exitCode: 0, output: 'works\n' })
    // It continues what exists: one instance.
    const again = createMachineSpec({ id })
    expect(await driver.create(again, { signal: neverAborted })).toMatchObject({ state: 'running' })
    expect((await server!.call('GET', '/1.0/instances')).metadata).toEqual([`/1.0/instances/m-${id}`])
    await driver.destroy(id)
    await driver.close()
  })

  it('survives a client that dies between the two connections of a console', async () => {
    const driver = new IncusHypervisor(settings)
    const id = await createMachine(driver)
    await driver.close()
    const cluster = new Cluster(settings)
    const open = cluster.openWebSocket.bind(cluster)
    let first: WebSocket | undefined
    cluster.openWebSocket = async (...args) => {
      if (!first) return (first = await open(...args))
      first.terminate()
      throw new Error('dead')
    }
    const opening = ConsoleRelay.open({ cluster, path: `/1.0/instances/m-${id}`, onEnd: () => undefined })
    expect(await rejectionOf(opening)).toMatchObject({ message: 'dead' })
    await cluster.close()
    const next = new IncusHypervisor(settings)
    await typeIntoConsole(next, id, '\necho $((6*7))', /\n42\r/)
    expect(server!.isDaemonAlive()).toBe(true)
    await next.destroy(id)
    await next.close()
  })

  it('survives machines that stop, and drivers that close, during open consoles', async () => {
    for (let round = 0; round < 2; round++) {
      const driver = new IncusHypervisor(settings)
      const ids = await Promise.all(Array.from({ length: 3 }, () => createMachine(driver)))
      const consoles = await Promise.all(ids.map((id) => driver.openConsole(id)))
      // One of them prints nothing.
      for (const console of consoles.slice(0, 2)) console.write(Buffer.from('yes\n'))
      await driver.stop(ids[0]!, { graceMs: 0, signal: neverAborted })
      // Without the driver: as a shutdown in the guest.
      await server!.lxc('stop', '-f', `m-${ids[1]}`)
      // Workers close their drivers when they end.
      const startedAt = performance.now()
      await driver.close()
      expect(performance.now() - startedAt).toBeLessThan(5_000)
      const next = new IncusHypervisor(settings)
      for (const id of ids) await next.destroy(id)
      await next.close()
      expect(server!.isDaemonAlive()).toBe(true)
    }
  })
})
