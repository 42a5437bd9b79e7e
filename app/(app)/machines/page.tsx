import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { listMachines } from '@/lib/machines/queries'
import { listTasks } from '@/lib/tasks/queries'
import { Machines } from './machines'

export const metadata = { title: 'Machines' }

export default async function MachinesPage() {
  const { id: ownerId } = await pageIdentity()
  const [first, { tasks }] = await Promise.all([
    listMachines(db(), { ownerId }),
    listTasks(db(), { ownerId, limit: 100 }),
  ])
  return <Machines first={first} tasks={tasks} />
}
