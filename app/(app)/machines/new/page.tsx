import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { machineOffer } from '@/lib/machines/hosts'
import { machineUsageOf } from '@/lib/machines/quota'
import { listSnapshots } from '@/lib/machines/snapshots'
import { OrderForm } from './order-form'

export const metadata = { title: 'Order a machine' }

interface Given {
  searchParams: Promise<{ image?: string | string[] }>
}

export default async function NewMachinePage({ searchParams }: Given) {
  const { image } = await searchParams
  const { id: ownerId } = await pageIdentity()
  const [offer, { snapshots }, usage] = await Promise.all([
    machineOffer(db()),
    listSnapshots(db(), ownerId),
    machineUsageOf(db(), ownerId),
  ])
  const usable = snapshots.filter(({ state }) => state === 'done')
  return <OrderForm offer={offer} snapshots={usable} usage={usage} image={String(image ?? '')} />
}
