import * as messages from '@/lib/generated/messages/shell'
import RootLayout, { viewport } from './layout'
import { OptionalAppFrame } from './shell/app-frame'
import { NotFoundMessage } from './shell/not-found-message'

export { viewport }
export const generateMetadata = () => ({ title: `${messages.notFound()} · Meanwhile` })
export const dynamic = 'force-dynamic'

/** The page of unknown paths. It replaces all layouts, so that it has them within it. */
export default function GlobalNotFound() {
  return (
    <RootLayout>
      <OptionalAppFrame>
        <NotFoundMessage />
      </OptionalAppFrame>
    </RootLayout>
  )
}
