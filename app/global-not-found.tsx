import RootLayout, { viewport } from './layout'
import { OptionalAppFrame } from './shell/app-frame'
import { NotFoundMessage } from './shell/not-found-message'

export { viewport }
export const metadata = { title: 'Page not found · Meanwhile' }
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
