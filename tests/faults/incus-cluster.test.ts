import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CreateMachineResponse } from '@/lib/machines/schema'
import { waitForMachineState } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import { startLxdServer } from '@/tests/support/lxd-server'
import { startWeb, startWorker } from '@/tests/support/web'

const server = await startLxdServer()
const otherDataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-host-'))
afterAll(async () => {
  await server?.stop()
  rmSync(otherDataDir, { recursive: true, force: true })
})

describe.skipIf(!server)('two workers on one cluster', () => {
  const database = useDatabase()

  it('share its machines, and one takes over those of the other when that is killed', async () => {
    await server!.lxc('launch', 'tiny', 'foreign')
    const env = { MACHINES: 'on', MACHINE_DRIVER: 'incus', INCUS_URL: server!.url, AUTH_SECRET: randomUUID() }
    const web = await startWeb({ databaseUrl: database.url, env })
    const ada = await web.createUser('ada@example.com')
    const first = await startWorker(web, { INCUS_TOKEN: await server!.createToken() })
    const createMachine = async (name: string) => {
      const body = JSON.stringify({ name })
      const { machine } = await ada.fetchJson<CreateMachineResponse>('/api/v1/machines', {
        method: 'POST',
        body,
      })
      await waitForMachineState(ada, { id: machine.id, state: 'running' })
      return machine.id
    }
    const ids = [await createMachine('one'), await createMachine('two')]
    const hostOf = async (id: string) =>
      (await database.db.machine.findUniqueOrThrow({ where: { id } })).hostId!
    const firstHost = await hostOf(ids[0]!)
    const second = await startWorker(web, {
      DATA_DIR: otherDataDir,
      INCUS_TOKEN: await server!.createToken(),
    })
    await expect.poll(() => database.db.machineHost.count(), { timeout: 60_000 }).toBe(2)
    const secondHost = (await database.db.machineHost.findFirstOrThrow({ where: { id: { not: firstHost } } }))
      .id
    // Which of them claims a machine is up to chance. Each can act on any.
    await database.db.machine.update({ where: { id: ids[1] }, data: { hostId: secondHost } })
    await ada.fetch(`/api/v1/machines/${ids[1]}/stop`, { method: 'POST' })
    await waitForMachineState(ada, { id: ids[1]!, state: 'stopped' })

    await first.stop('SIGKILL')
    await ada.fetch(`/api/v1/machines/${ids[0]}/stop`, { method: 'POST' })
    // Simulates the host timeout (20 s).
    await database.db.machineHost.update({ where: { id: firstHost }, data: { seenAt: new Date(0) } })
    await waitForMachineState(ada, { id: ids[0]!, state: 'stopped' })
    expect(await hostOf(ids[0]!)).toBe(secondHost)
    await ada.fetch(`/api/v1/machines/${ids[0]}/start`, { method: 'POST' })
    await waitForMachineState(ada, { id: ids[0]!, state: 'running' })

    const listInstances = async () => {
      const { metadata } = await server!.call('GET', '/1.0/instances')
      return (metadata as string[]).map((url) => url.replace('/1.0/instances/', '')).toSorted()
    }
    expect(await listInstances()).toEqual(['foreign', ...ids.map((id) => `m-${id}`)].toSorted())
    for (const id of ids) await ada.fetch(`/api/v1/machines/${id}`, { method: 'DELETE' })
    await expect.poll(listInstances, { timeout: 60_000 }).toEqual(['foreign'])
    const { metadata } = await server!.call('GET', '/1.0/instances/foreign')
    expect(metadata).toMatchObject({ status: 'Running' })
    await second.stop('SIGTERM')
    await web.stop()
  })
})
