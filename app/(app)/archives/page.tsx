import { ArchivesPage } from '@/app/features/archives/archives-page'
import { requireUser } from '@/app/http/middleware/require-user'
import { listArchives, listUploadedArchives } from '@/lib/archives/queries'
import { db } from '@/lib/database/db'

export const metadata = { title: 'Encrypted archives' }

export default async function Page() {
  const { id } = await requireUser()
  const [archives, uploaded] = await Promise.all([listArchives(db(), id), listUploadedArchives(db(), id)])
  return <ArchivesPage initial={{ archives, uploaded }} />
}
