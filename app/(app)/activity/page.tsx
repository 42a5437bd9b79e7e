import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { listTasks } from '@/lib/tasks/queries'
import { Activity } from './activity'

export const metadata = { title: 'Activity' }

export default async function ActivityPage() {
  const { id } = await pageIdentity()
  return <Activity seed={await listTasks(db(), { ownerId: id, limit: 200 })} />
}
