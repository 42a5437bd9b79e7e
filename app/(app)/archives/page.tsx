import { ArchivesPage } from '@/app/features/archives/archives-page'
import { requireUser } from '@/app/http/middleware/require-user'
import { listArchives, listUploadedArchives } from '@/lib/archives/queries'
import { db } from '@/lib/database/db'
import * as messages from '@/lib/generated/messages/archives'

export const generateMetadata = () => ({ title: messages.title() })

export default async function Page() {
  const { id } = await requireUser()
  const [archives, uploaded] = await Promise.all([listArchives(db(), id), listUploadedArchives(db(), id)])
  return <ArchivesPage initial={{ archives, uploaded }} />
}
