import { requireUser } from '@/app/http/middleware/require-user'
import { db } from '@/lib/database/db'
import { readMachineAvailability } from '@/lib/machines/hosts'
import { readMachineUsage } from '@/lib/machines/quota'
import { listSnapshots } from '@/lib/machines/snapshots'
import { CreateMachineForm } from '@/app/features/machines/create-machine-form'

export const metadata = { title: 'Order a machine' }

interface Props {
  searchParams: Promise<{ image?: string | string[] }>
}

export default async function NewMachinePage({ searchParams }: Props) {
  const { image } = await searchParams
  const { id: ownerId } = await requireUser()
  const [offer, { snapshots }, usage] = await Promise.all([
    readMachineAvailability(db()),
    listSnapshots(db(), ownerId),
    readMachineUsage(db(), ownerId),
  ])
  const usable = snapshots.filter(({ state }) => state === 'done')
  return <CreateMachineForm offer={offer} snapshots={usable} usage={usage} image={String(image ?? '')} />
}
