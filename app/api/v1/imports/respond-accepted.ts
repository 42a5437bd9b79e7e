import { db } from '@/lib/database/db'
import { getTask } from '@/lib/tasks/queries'
import { getVideo } from '@/lib/videos/queries'

/** The response to a request that created a video whose file a worker is to fetch. */
export async function respondAccepted(
  { videoId, taskId }: { videoId: string; taskId: string },
  ownerId: string,
) {
  const [video, task] = await Promise.all([
    getVideo(db(), { id: videoId, ownerId }),
    getTask(db(), { id: taskId, ownerId }),
  ])
  return Response.json({ video, task }, { status: 202 })
}
