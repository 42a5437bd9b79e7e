import type { Metadata } from 'next'
import { describeLink } from '@/app/features/shares/viewer/describe-link'
import { openLink } from '@/app/features/shares/viewer/open-link'
import { parseStart } from '@/app/features/shares/viewer/parse-start'
import { SharedPage } from '@/app/features/shares/viewer/shared-page'
import type { TokenPageProps } from '@/app/page-props'

export const dynamic = 'force-dynamic'

export async function generateMetadata({ params }: TokenPageProps): Promise<Metadata> {
  const { token } = await params
  return describeLink(token, await openLink(token))
}

export default async function SharePage({ params, searchParams }: TokenPageProps) {
  const { token } = await params
  const { t, video } = await searchParams
  return (
    <SharedPage
      token={token}
      opened={await openLink(token)}
      startSeconds={parseStart(t)}
      startVideoId={typeof video === 'string' ? video : undefined}
    />
  )
}
