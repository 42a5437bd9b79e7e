import { NotFoundMessage } from './shell/not-found-message'

export const metadata = { title: 'Page not found' }

export default function NotFound() {
  return (
    <main>
      <NotFoundMessage />
    </main>
  )
}
