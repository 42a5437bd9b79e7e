import { redirect } from 'next/navigation'
import { cache } from 'react'
import { resolveSpeechSupport } from '@/app/features/captions/speech-support'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { listFolders } from '@/lib/folders/queries'
import { listTasks } from '@/lib/tasks/queries'
import { videoSubject } from '@/lib/videos/task-subject'
import { getVideo } from '@/lib/videos/queries'
import { VideoDetails } from '@/app/features/videos/details/video-details'
import { VideoPage } from '@/app/features/videos/video-page'
import type { IdPageProps } from '@/app/page-props'

const loadVideo = cache(async (id: string) => {
  const { id: ownerId } = await requireUser()
  return { ownerId, video: await findOr404(id, () => getVideo(db(), { id, ownerId })) }
})

export async function generateMetadata({ params }: IdPageProps) {
  const { video } = await loadVideo((await params).id)
  return { title: video.title }
}

export default async function WatchPage({ params }: IdPageProps) {
  const { id } = await params
  const { ownerId, video } = await loadVideo(id)
  // Where its file is going to be.
  if (video.replacesId) redirect(`/videos/${video.replacesId}`)
  const [{ tasks }, folders] = await Promise.all([
    listTasks(db(), { ownerId, subjects: [{ subjectType: videoSubject.type, subjectId: id }] }),
    video.folderId ? listFolders(db(), ownerId) : [],
  ])
  return (
    <VideoPage
      id={id}
      seed={{ videos: [video], tasks, captions: video.captions }}
      speechSupport={resolveSpeechSupport(config())}
      details={<VideoDetails video={video} folders={folders} />}
    />
  )
}
