import { pageIdentity } from '@/app/server/page-identity'
import { SnapshotList } from '@/app/machines/snapshot-list'
import { db } from '@/lib/db'
import { listMachines } from '@/lib/machines/queries'
import { listSnapshots } from '@/lib/machines/snapshots'
import { listTasks } from '@/lib/tasks/queries'
import { Machines } from './machines'

export const metadata = { title: 'Machines' }

export default async function MachinesPage() {
  const { id: ownerId } = await pageIdentity()
  const [first, { tasks }, { snapshots }] = await Promise.all([
    listMachines(db(), { ownerId }),
    listTasks(db(), { ownerId, limit: 100 }),
    listSnapshots(db(), ownerId),
  ])
  return (
    <div className="flex flex-col gap-8">
      <Machines first={first} tasks={tasks} />
      <SnapshotList initial={snapshots} />
    </div>
  )
}
