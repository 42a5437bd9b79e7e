import * as messages from '@/lib/generated/messages/auth'
import { AcceptInvitation } from '@/app/features/account/accept-invitation'

export const dynamic = 'force-dynamic'
export const generateMetadata = () => ({ title: messages.acceptInvitation() })

/** The target of invitation links. */
export default function InvitePage() {
  return <AcceptInvitation />
}
