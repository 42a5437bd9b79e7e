import { requireUser } from '@/app/http/middleware/require-user'
import { SnapshotList } from '@/app/features/machines/snapshot-list'
import { db } from '@/lib/database/db'
import { listMachines } from '@/lib/machines/queries'
import { listSnapshots } from '@/lib/machines/snapshots'
import { listTasks } from '@/lib/tasks/queries'
import { MachineList } from '@/app/features/machines/machine-list'
import * as messages from '@/lib/generated/messages/machines'

export const generateMetadata = () => ({ title: messages.machines() })

export default async function MachinesPage() {
  const { id: ownerId } = await requireUser()
  const [initial, { tasks }, { snapshots }] = await Promise.all([
    listMachines(db(), { ownerId }),
    listTasks(db(), { ownerId, limit: 100 }),
    listSnapshots(db(), ownerId),
  ])
  return (
    <div className="flex flex-col gap-8">
      <MachineList initial={initial} initialTasks={tasks} />
      <SnapshotList initial={snapshots} />
    </div>
  )
}
