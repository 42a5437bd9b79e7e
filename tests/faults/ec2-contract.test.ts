import { afterAll, expect, it } from 'vitest'
import { RunInstancesCommand } from '@aws-sdk/client-ec2'
import { describeHypervisor } from '@/tests/support/contracts/hypervisor-contract'
import { useEc2 } from '@/tests/support/ec2-fixture'

const ec2 = await useEc2()
afterAll(() => ec2?.stop())

if (ec2) {
  const { server } = ec2
  const { Instances: [foreign] = [] } = await server.client.send(
    new RunInstancesCommand({ ImageId: server.image, MinCount: 1, MaxCount: 1 }),
  )
  describeHypervisor('ec2', async (installationId) => ec2.open({ installationId }), {
    without: ['consoleInput', 'execute', 'ports', 'snapshots', 'usage'],
  })

  it('leaves an instance without its mark as it is', async () => {
    const instance = await ec2.readInstance(foreign!.InstanceId!)
    expect(instance.State?.Name).toBe('running')
  })
}
