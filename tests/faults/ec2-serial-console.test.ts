import { afterAll, describe, expect, it } from 'vitest'
import { describeHypervisor } from '@/tests/support/contracts/hypervisor-contract'
import { consoleAnswer } from '@/tests/support/ec2-fault-proxy'
import { useEc2 } from '@/tests/support/ec2-fixture'
import { typeIntoConsole } from '@/tests/support/guest-commands'
import { createMachineSpec } from '@/tests/support/machine-spec'
import { neverAborted } from '@/tests/support/never-aborted'
import { startSerialConsoleServer } from '@/tests/support/serial-console-server'
import type { Ec2Hypervisor } from '@/worker/machines/drivers/ec2/ec2-hypervisor'

const ec2 = await useEc2()
const endpoint = ec2 && (await startSerialConsoleServer(ec2.proxy.serialKeys))
afterAll(async () => {
  await endpoint?.close()
  await ec2?.stop()
})

if (ec2 && endpoint)
  describeHypervisor(
    'ec2 with serial console',
    async (installationId) => ec2.open({ installationId, serialConsole: endpoint }),
    { without: ['execute', 'ports', 'snapshots', 'usage'] },
  )

describe.skipIf(!ec2)('the serial console of EC2', () => {
  const open = (more = {}) => ec2!.open({ serialConsole: { ...endpoint!, ...more } })
  const create = async (driver: Ec2Hypervisor) => {
    const spec = createMachineSpec()
    await driver.create(spec, { signal: neverAborted })
    return spec.id
  }
  const readRecording = async (driver: Ec2Hypervisor, id: string) =>
    Buffer.concat((await driver.readConsoleRecording(id)).map(({ bytes }) => bytes)).toString()

  it('shows what was printed before it was opened, and takes input in one session for all viewers', async () => {
    const driver = open()
    const id = await create(driver)
    ec2!.proxy.setFault((action) =>
      action === 'GetConsoleOutput' ? { answer: consoleAnswer('booted') } : null,
    )
    const [one, other] = await Promise.all([driver.openConsole(id), driver.openConsole(id)])
    await typeIntoConsole(driver, id, 'echo $((6*7))', /\n42\r/)
    expect(endpoint!.sessions.size).toBe(1)
    expect(await readRecording(driver, id)).toMatch(/^booted[^]*\n42\r/)
    one.close()
    other.close()
    ec2!.proxy.setFault(() => null)
    await driver.destroy(id)
    await expect.poll(() => endpoint!.sessions.size).toBe(0)
    await driver.close()
  })

  it('is opened again after its connection has ended', async () => {
    const driver = open()
    const id = await create(driver)
    const viewer = await driver.openConsole(id)
    for (const connection of endpoint!.sessions.values()) connection.end()
    await expect.poll(() => endpoint!.sessions.size).toBe(0)
    await expect.poll(() => endpoint!.sessions.size).toBe(1)
    await typeIntoConsole(driver, id, 'echo $((6*7))', /\n42\r/)
    viewer.close()
    await driver.destroy(id)
    await driver.close()
  })

  it('is refused at a host with another key, and the console then shows output and the reason', async () => {
    const driver = open({ fingerprints: [`SHA256:${'A'.repeat(43)}`] })
    const id = await create(driver)
    const viewer = await driver.openConsole(id)
    viewer.write(Buffer.from('never sent'))
    expect(endpoint!.sessions.size).toBe(0)
    expect(await readRecording(driver, id)).toMatch(/The serial console cannot be opened: .+ Output only\./)
    viewer.close()
    await driver.destroy(id)
    await driver.close()
  })

  it('is refused by EC2 where the account does not admit it', async () => {
    const driver = open()
    const id = await create(driver)
    ec2!.proxy.setFault((action) =>
      action === 'SendSerialConsoleSSHPublicKey'
        ? { status: 403, code: 'SerialConsoleAccessDisabledException' }
        : null,
    )
    const viewer = await driver.openConsole(id)
    expect(await readRecording(driver, id)).toContain('SerialConsoleAccessDisabledException. Output only.')
    // Once it is admitted, viewers can type without reopening the console.
    ec2!.proxy.setFault(() => null)
    await expect.poll(() => endpoint!.sessions.size).toBe(1)
    viewer.close()
    await driver.destroy(id)
    await driver.close()
  })
})
