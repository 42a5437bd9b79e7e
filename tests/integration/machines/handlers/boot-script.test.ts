import { expect, it } from 'vitest'
import { executeScriptTask } from '@/lib/machines/tasks'
import { useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'

const database = useDatabase()
const fixture = useMachineFixture(database)

it('hands the script to a host that runs it only at the first start, and stores its result', async () => {
  Object.assign(fixture.hypervisor.capabilities, { execute: false, bootScript: true })
  await fixture.startWorker()
  const { machine } = await fixture.createMachine({ userData: 'echo $((6*7))\nexit 3' })
  await fixture.waitForState(machine.id, 'running')
  const script = { machineId: machine.id, kind: executeScriptTask.name }
  await expect
    .poll(async () => (await database.db.task.findFirstOrThrow({ where: script })).result)
    .toMatchObject({ exitCode: 3, output: '42\n' })
})
