import { orNotFound } from '@/app/server/or-not-found'
import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { listMachineEvents } from '@/lib/machines/events'
import { getMachine } from '@/lib/machines/queries'
import { listTasks } from '@/lib/tasks/queries'
import { MachinePage } from './machine'

export const metadata = { title: 'Machine' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id: ownerId } = await pageIdentity()
  const { id } = await params
  const machine = await orNotFound(id, () => getMachine(db(), { id, ownerId }))
  const [{ tasks }, events] = await Promise.all([
    listTasks(db(), { ownerId, machineId: id }),
    listMachineEvents(db(), { id, ownerId }),
  ])
  return <MachinePage id={id} seed={{ machines: [machine], tasks }} events={events} />
}
