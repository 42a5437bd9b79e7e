import { FakeHypervisor } from '@/worker/machines/drivers/fake/fake-hypervisor'
import { describeHypervisor } from '@/tests/support/contracts/hypervisor-contract'

const machines = new Map()
describeHypervisor('fake', async (hostId) => new FakeHypervisor({ stageMs: 5, hostId, machines }))

const bare = { console: false, execute: false, ports: false, snapshots: false, resize: false }
describeHypervisor(
  'bare fake',
  async (hostId) => new FakeHypervisor({ stageMs: 5, hostId, machines, capabilities: bare }),
  { without: ['console', 'execute', 'ports', 'snapshots', 'resize'] },
)
