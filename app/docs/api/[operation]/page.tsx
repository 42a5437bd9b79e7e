import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { findOperation } from '@/app/features/api-reference/operations'
import { OperationPage } from '@/app/features/api-reference/operation-page'
import { identify } from '@/lib/accounts/authenticate'
import * as messages from '@/lib/generated/messages/api-reference'

export const dynamic = 'force-dynamic'

interface Props {
  params: Promise<{ operation: string }>
}

export async function generateMetadata({ params }: Props) {
  const operation = findOperation((await params).operation)
  return {
    title: operation ? messages.operationPageTitle({ summary: operation.summary }) : messages.pageNotFound(),
  }
}

/** One operation of the API: what it takes and returns, and a form that sends it. */
export default async function ApiOperationPage({ params }: Props) {
  const operation = findOperation((await params).operation)
  if (!operation) notFound()
  const user = await identify(new Headers(await headers()))
  return <OperationPage operation={operation} canTry={user !== null} />
}
