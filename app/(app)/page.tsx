import { pageIdentity } from '@/app/server/page-identity'
import { sinceLastVisit } from '@/lib/accounts/visits'
import { db } from '@/lib/db'
import { newerThan } from '@/lib/realtime/snapshot'
import { listVideos } from '@/lib/videos/queries'
import { Home } from './home'

export default async function HomePage() {
  const { id } = await pageIdentity()
  const since = await sinceLastVisit(db(), id)
  const [now, newest] = await Promise.all([
    newerThan(db(), { ownerId: id, known: {} }),
    listVideos(db(), { ownerId: id, limit: 10 }),
  ])
  return (
    <Home
      seed={{ tasks: now.tasks, videos: [...newest.videos, ...now.videos] }}
      since={since.toISOString()}
    />
  )
}
