import { notFound } from 'next/navigation'
import { z } from 'zod'
import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { listTasks } from '@/lib/tasks/queries'
import { getVideo } from '@/lib/videos/queries'
import { Watch } from './watch'

export default async function WatchPage({ params }: { params: Promise<{ id: string }> }) {
  const { id: ownerId } = await pageIdentity()
  const { id } = await params
  if (!z.uuid().safeParse(id).success) notFound()
  const video = await getVideo(db(), { id, ownerId }).catch((error: unknown) => {
    if (error instanceof AppError) notFound()
    throw error
  })
  const { tasks } = await listTasks(db(), { ownerId, videoId: id })
  return <Watch id={id} seed={{ videos: [video], tasks }} />
}
