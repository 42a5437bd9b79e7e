import { FakeHypervisor } from '@/worker/machines/fake'
import { hypervisorContract } from './hypervisor-contract'

hypervisorContract('fake', async () => new FakeHypervisor({ stageMs: 5 }))
