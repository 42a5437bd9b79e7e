import { Editor } from '@/app/captions/editor/editor'
import { orNotFound } from '@/app/server/or-not-found'
import { pageIdentity } from '@/app/server/page-identity'
import { getCaption } from '@/lib/captions/queries'
import { db } from '@/lib/db'
import { listTasks } from '@/lib/tasks/queries'
import { getVideo } from '@/lib/videos/queries'

export const metadata = { title: 'Edit captions' }

export default async function EditPage({ params }: { params: Promise<{ id: string; captionId: string }> }) {
  const { id: ownerId } = await pageIdentity()
  const { id: videoId, captionId } = await params
  const caption = await orNotFound(captionId, () => getCaption(db(), { id: captionId, ownerId }))
  const video = await orNotFound(videoId, () => getVideo(db(), { id: videoId, ownerId }))
  const { tasks } = await listTasks(db(), { ownerId, videoId })
  return (
    <Editor videoId={videoId} captionId={captionId} seed={{ videos: [video], captions: [caption], tasks }} />
  )
}
