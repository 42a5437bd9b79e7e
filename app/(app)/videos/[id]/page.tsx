import { resolveSpeechSupport } from '@/app/features/captions/speech-support'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { listTasks } from '@/lib/tasks/queries'
import { videoSubject } from '@/lib/videos/task-subject'
import { getVideo } from '@/lib/videos/queries'
import { VideoPage } from '@/app/features/videos/video-page'
import type { IdPageProps } from '@/app/page-props'

export default async function WatchPage({ params }: IdPageProps) {
  const { id: ownerId } = await requireUser()
  const { id } = await params
  const video = await findOr404(id, () => getVideo(db(), { id, ownerId }))
  const { tasks } = await listTasks(db(), {
    ownerId,
    subjects: [{ subjectType: videoSubject.type, subjectId: id }],
  })
  return (
    <VideoPage
      id={id}
      seed={{ videos: [video], tasks, captions: video.captions }}
      speechSupport={resolveSpeechSupport(config())}
    />
  )
}
