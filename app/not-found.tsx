import * as messages from '@/lib/generated/messages/shell'
import { NotFoundMessage } from './shell/not-found-message'

export const generateMetadata = () => ({ title: messages.notFound() })

export default function NotFound() {
  return (
    <main>
      <NotFoundMessage />
    </main>
  )
}
