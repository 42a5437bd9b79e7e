import { notFound } from 'next/navigation'
import { EmbeddedVideo } from '@/app/features/shares/viewer/embedded-video'
import { openLink } from '@/app/features/shares/viewer/open-link'
import { parseStart } from '@/app/features/shares/viewer/parse-start'
import type { TokenPageProps } from '@/app/page-props'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Shared video', robots: { index: false } }

/** The player of a shared video for the pages of other sites. */
export default async function EmbedPage({ params, searchParams }: TokenPageProps) {
  const { token } = await params
  const { t } = await searchParams
  const opened = await openLink(token, true)
  if (opened !== 'locked' && 'machineName' in opened) return notFound()
  return <EmbeddedVideo token={token} opened={opened} startSeconds={parseStart(t)} />
}
