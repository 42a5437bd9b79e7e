import { cache } from 'react'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { listMachineEvents } from '@/lib/machines/events'
import { getMachine } from '@/lib/machines/queries'
import { machineSubject } from '@/lib/machines/task-subject'
import { listTasks } from '@/lib/tasks/queries'
import { MachinePage } from '@/app/features/machines/machine-page'
import type { IdPageProps } from '@/app/page-props'

const loadMachine = cache(async (id: string) => {
  const { id: ownerId } = await requireUser()
  return { ownerId, machine: await findOr404(id, () => getMachine(db(), { id, ownerId })) }
})

export async function generateMetadata({ params }: IdPageProps) {
  const { machine } = await loadMachine((await params).id)
  return { title: machine.name }
}

export default async function Page({ params }: IdPageProps) {
  const { id } = await params
  const { ownerId, machine } = await loadMachine(id)
  const [{ tasks }, events] = await Promise.all([
    listTasks(db(), { ownerId, subjects: [{ subjectType: machineSubject.type, subjectId: id }] }),
    listMachineEvents(db(), { id, ownerId }),
  ])
  return <MachinePage id={id} seed={{ machines: [machine], tasks }} events={events} />
}
