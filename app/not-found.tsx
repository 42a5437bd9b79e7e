import { Link } from './ui/link'
import { Button } from './ui/button'

export const metadata = { title: 'Page not found' }

export default function NotFound() {
  return (
    <main className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-24 text-center">
      <h1 className="text-2xl font-semibold">Page not found</h1>
      <p className="text-muted-foreground">It may have been deleted, or you don’t have access to it.</p>
      <Button asChild variant="default">
        <Link href="/">Back to home</Link>
      </Button>
    </main>
  )
}
