import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { listMachineEvents } from '@/lib/machines/events'
import { getMachine } from '@/lib/machines/queries'
import { machineSubject } from '@/lib/machines/task-subject'
import { listTasks } from '@/lib/tasks/queries'
import { MachinePage } from '@/app/features/machines/machine-page'
import type { IdPageProps } from '@/app/page-props'

export const metadata = { title: 'Machine' }

export default async function Page({ params }: IdPageProps) {
  const { id: ownerId } = await requireUser()
  const { id } = await params
  const machine = await findOr404(id, () => getMachine(db(), { id, ownerId }))
  const [{ tasks }, events] = await Promise.all([
    listTasks(db(), { ownerId, subjects: [{ subjectType: machineSubject.type, subjectId: id }] }),
    listMachineEvents(db(), { id, ownerId }),
  ])
  return <MachinePage id={id} seed={{ machines: [machine], tasks }} events={events} />
}
