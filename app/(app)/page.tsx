import { pageIdentity } from '@/app/server/page-identity'
import { sinceLastVisit } from '@/lib/accounts/visits'
import { db } from '@/lib/db'
import { machineOffer } from '@/lib/machines/hosts'
import { listMachines } from '@/lib/machines/queries'
import { typicalSeconds } from '@/lib/machines/typical-seconds'
import { newerThan } from '@/lib/realtime/snapshot'
import { listVideos } from '@/lib/videos/queries'
import { Home } from './home'

export default async function HomePage() {
  const { id } = await pageIdentity()
  const since = await sinceLastVisit(db(), id)
  const [now, newest, machines, offer, typical] = await Promise.all([
    newerThan(db(), { ownerId: id, known: {} }),
    listVideos(db(), { ownerId: id, limit: 10 }),
    listMachines(db(), { ownerId: id, limit: 10 }),
    machineOffer(db()),
    typicalSeconds(db(), { image: 'tiny', sizeName: 'tiny' }),
  ])
  return (
    <Home
      seed={{
        tasks: now.tasks,
        videos: [...newest.videos, ...now.videos],
        machines: [...machines.machines, ...now.machines],
        captions: now.captions,
      }}
      readiness={{ problem: offer.problem, isAwaited: offer.isAwaited, typicalSeconds: typical }}
      since={since.toISOString()}
    />
  )
}
