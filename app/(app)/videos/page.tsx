import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { listVideos } from '@/lib/videos/queries'
import { Library } from './library'

export const metadata = { title: 'Videos' }

export default async function VideosPage() {
  const { id } = await pageIdentity()
  const { videos } = await listVideos(db(), { ownerId: id, limit: 200 })
  return <Library seed={{ videos }} />
}
