import { requireUser } from '@/app/http/middleware/require-user'
import { recordPresence } from '@/lib/accounts/record-presence'
import { db } from '@/lib/database/db'
import { readMachineAvailabilityOf } from '@/lib/machines/availability'
import { listMachines } from '@/lib/machines/queries'
import { estimateProvisionSeconds } from '@/lib/machines/provision-estimate'
import { changesSince } from '@/lib/realtime/changes-since'
import { readOpenOnboarding } from '@/lib/onboarding/queries'
import { listVideos } from '@/lib/videos/queries'
import { Home } from '@/app/features/home/home'

export default async function HomePage() {
  const { id, isAdmin } = await requireUser()
  const visit = await recordPresence(db(), id)
  const [active, newest, machines, availability, typicalSeconds, onboarding] = await Promise.all([
    changesSince(db(), { ownerId: id, known: {} }),
    listVideos(db(), { ownerId: id, limit: 10 }),
    listMachines(db(), { ownerId: id, limit: 10 }),
    readMachineAvailabilityOf(db(), id),
    estimateProvisionSeconds(db(), { image: 'tiny', sizeName: 'tiny' }),
    isAdmin ? readOpenOnboarding(db(), id) : null,
  ])
  return (
    <Home
      seed={{
        tasks: active.tasks,
        videos: [...newest.videos, ...active.videos],
        machines: [...machines.machines, ...active.machines],
        captions: active.captions,
      }}
      createMachineCard={{
        problem: availability.problem,
        isAwaited: availability.isAwaited,
        typicalSeconds,
      }}
      visit={visit}
      onboarding={onboarding}
    />
  )
}
