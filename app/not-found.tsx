import { Link } from './ui/link'
import { Button } from './ui/button'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-24 text-center">
      <h1 className="text-2xl font-semibold">There is nothing here</h1>
      <p className="text-muted-foreground">
        It was deleted, it is somebody else’s, or the address is mistyped.
      </p>
      <Button asChild variant="default">
        <Link href="/">Go to Home</Link>
      </Button>
    </main>
  )
}
