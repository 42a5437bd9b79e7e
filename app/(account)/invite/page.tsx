import { AcceptInvitation } from '@/app/features/account/accept-invitation'

export const dynamic = 'force-dynamic'
export const metadata = { title: 'Accept invitation' }

/** The target of invitation links. */
export default function InvitePage() {
  return <AcceptInvitation />
}
