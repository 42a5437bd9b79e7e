import { FakeHypervisor } from '@/worker/machines/drivers/fake/fake-hypervisor'
import { describeHypervisor } from '@/tests/support/contracts/hypervisor-contract'

describeHypervisor('fake', async () => new FakeHypervisor({ stageMs: 5 }))
