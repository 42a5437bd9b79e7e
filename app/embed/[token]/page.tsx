import { EmbeddedPage } from '@/app/features/shares/viewer/embedded-page'
import { openLink } from '@/app/features/shares/viewer/open-link'
import { parseStart } from '@/app/features/shares/viewer/parse-start'
import type { TokenPageProps } from '@/app/page-props'
import * as messages from '@/lib/generated/messages/shared-links'

export const dynamic = 'force-dynamic'
export const generateMetadata = () => ({ title: messages.sharedVideo(), robots: { index: false } })

/** The player of a shared video or playlist for the pages of other sites. */
export default async function EmbedPage({ params, searchParams }: TokenPageProps) {
  const { token } = await params
  const { t } = await searchParams
  return <EmbeddedPage token={token} opened={await openLink(token, true)} startSeconds={parseStart(t)} />
}
