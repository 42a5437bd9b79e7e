import { DescribeInstancesCommand } from '@aws-sdk/client-ec2'
import { Ec2Hypervisor } from '@/worker/machines/drivers/ec2/ec2-hypervisor'
import type { Ec2Settings } from '@/worker/machines/drivers/ec2/ec2-settings'
import { startEc2FaultProxy } from './ec2-fault-proxy'
import { startEc2Server } from './ec2-server'

/** A simulated EC2 behind a proxy that can break requests; null where it cannot run. */
export async function useEc2() {
  const server = await startEc2Server()
  if (!server) return null
  const proxy = await startEc2FaultProxy(server.endpoint)
  const settings: Ec2Settings = {
    region: server.region,
    endpoint: proxy.endpoint,
    credentials: server.credentials,
    images: new Map([['tiny', server.image]]),
    instanceTypes: new Map([
      ['t3.nano', 0.0052],
      ['t3.medium', null],
    ]),
    isolatedGroup: server.isolatedGroup,
    isSpot: false,
    installationId: 'host',
    patienceMs: 5_000,
    pollMs: 20,
    consolePollMs: 20,
  }
  return {
    server,
    proxy,
    settings,
    open: (more: Partial<Ec2Settings> = {}) => new Ec2Hypervisor({ ...settings, ...more }),
    async readInstance(id: string) {
      const answer = await server.client.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      return answer.Reservations![0]!.Instances![0]!
    },
    /** The instances of a machine in any state, past the proxy. */
    async listInstances(machineId: string) {
      const filter = { Name: 'tag:meanwhile:machine', Values: [machineId] }
      const answer = await server.client.send(new DescribeInstancesCommand({ Filters: [filter] }))
      return answer.Reservations!.flatMap(({ Instances = [] }) => Instances)
    },
    async stop() {
      proxy.close()
      await server.stop()
    },
  }
}
