import { Button } from '@/app/ui/button'
import { Link } from '@/app/ui/link'

export const NotFoundMessage = () => (
  <div className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-24 text-center">
    <h1 className="text-2xl font-semibold">Page not found</h1>
    <p className="text-muted-foreground">It may have been deleted, or you don’t have access to it.</p>
    <Button asChild variant="default">
      <Link href="/">Back to home</Link>
    </Button>
  </div>
)
