import { ProofSheetPage } from '@/app/features/videos/proof-sheet/proof-sheet-page'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import type { IdPageProps } from '@/app/page-props'
import { db } from '@/lib/database/db'
import { getProofSheet } from '@/lib/videos/proof/get-proof-sheet'
import * as messages from '@/lib/generated/messages/proof-sheet'

export const generateMetadata = () => ({ title: messages.title() })

export default async function Page({ params }: IdPageProps) {
  const { id: ownerId } = await requireUser()
  const { id } = await params
  return <ProofSheetPage sheet={await findOr404(id, () => getProofSheet(db(), { id, ownerId }))} />
}
