import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { readMachineAvailabilityOf } from '@/lib/machines/availability'
import { readMachineUsage } from '@/lib/machines/quota'
import { listSnapshots } from '@/lib/machines/snapshots'
import { CreateMachineForm } from '@/app/features/machines/create-machine-form'
import type { SearchPageProps } from '@/app/page-props'
import * as messages from '@/lib/generated/messages/machines'

export const generateMetadata = () => ({ title: messages.create() })

export default async function NewMachinePage({ searchParams }: SearchPageProps) {
  const { image } = await searchParams
  const { id: ownerId } = await requireUser()
  const [availability, { snapshots }, usage] = await Promise.all([
    readMachineAvailabilityOf(db(), ownerId),
    listSnapshots(db(), ownerId),
    readMachineUsage(db(), ownerId),
  ])
  const usableSnapshots = snapshots.filter(({ state }) => state === 'done')
  return (
    <CreateMachineForm
      availability={availability}
      snapshots={usableSnapshots}
      usage={usage}
      image={String(image ?? '')}
    />
  )
}
