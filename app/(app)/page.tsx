import { pageIdentity } from '@/app/server/page-identity'
import { sinceLastVisit } from '@/lib/accounts/visits'
import { db } from '@/lib/db'
import { newerThan } from '@/lib/realtime/snapshot'
import { Home } from './home'

export default async function HomePage() {
  const { id } = await pageIdentity()
  const since = await sinceLastVisit(db(), id)
  const { tasks, videos } = await newerThan(db(), { ownerId: id, known: {} })
  return <Home seed={{ tasks, videos }} since={since.toISOString()} />
}
