import { orNotFound } from '@/app/server/or-not-found'
import { pageIdentity } from '@/app/server/page-identity'
import { config } from '@/lib/config'
import { db } from '@/lib/db'
import { listTasks } from '@/lib/tasks/queries'
import { getVideo } from '@/lib/videos/queries'
import { Watch } from './watch'

export default async function WatchPage({ params }: { params: Promise<{ id: string }> }) {
  const { id: ownerId } = await pageIdentity()
  const { id } = await params
  const video = await orNotFound(id, () => getVideo(db(), { id, ownerId }))
  const { tasks } = await listTasks(db(), { ownerId, videoId: id })
  return (
    <Watch
      id={id}
      seed={{ videos: [video], tasks, captions: video.captions }}
      listening={config().CAPTIONS}
    />
  )
}
