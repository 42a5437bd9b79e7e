import { Editor } from '@/app/features/captions/editor/editor'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { getCaption } from '@/lib/captions/queries'
import { db } from '@/lib/database/db'
import { listTasks } from '@/lib/tasks/queries'
import { videoSubject } from '@/lib/videos/task-subject'
import { getVideo } from '@/lib/videos/queries'
import * as messages from '@/lib/generated/messages/captions'

export const generateMetadata = () => ({ title: messages.editPageTitle() })

interface Props {
  params: Promise<{ id: string; captionId: string }>
}

export default async function EditCaptionsPage({ params }: Props) {
  const { id: ownerId } = await requireUser()
  const { id: videoId, captionId } = await params
  const caption = await findOr404(captionId, () => getCaption(db(), { id: captionId, ownerId }))
  const video = await findOr404(videoId, () => getVideo(db(), { id: videoId, ownerId }))
  const { tasks } = await listTasks(db(), {
    ownerId,
    subjects: [{ subjectType: videoSubject.type, subjectId: videoId }],
  })
  return (
    <Editor videoId={videoId} captionId={captionId} seed={{ videos: [video], captions: [caption], tasks }} />
  )
}
