import { beforeAll, expect, it, vi } from 'vitest'
import { executeScriptTask } from '@/lib/machines/tasks'
import { useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'

const database = useDatabase()
const fixture = useMachineFixture(database)

beforeAll(async () => {
  Object.assign(fixture.hypervisor.capabilities, { execute: false, bootScript: true, cloudConfig: true })
  await fixture.startWorker()
})

it('hands the script to a host that runs it only at the first start, and stores its result', async () => {
  const { machine } = await fixture.createMachine({ userData: 'echo $((6*7))\nexit 3' })
  await fixture.waitForState(machine.id, 'running')
  const script = { machineId: machine.id, kind: executeScriptTask.name }
  await expect
    .poll(async () => (await database.db.task.findFirstOrThrow({ where: script })).result)
    .toMatchObject({ exitCode: 3, output: '42\n' })
})

it('hands a configuration for cloud-init to a host that passes it on, with a script that waits for it', async () => {
  const create = vi.spyOn(fixture.hypervisor, 'create')
  const cloudConfig = '#cloud-config\npackages: [git]\n'
  const { machine } = await fixture.createMachine({ userData: cloudConfig })
  await fixture.waitForState(machine.id, 'running')
  expect(create.mock.lastCall?.[0]).toMatchObject({
    cloudConfig,
    bootScript: { script: expect.stringContaining('cloud-init status --wait') },
  })
})
