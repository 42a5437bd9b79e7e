import * as messages from '@/lib/generated/messages/shell'
import { Button } from '@/app/ui/button'
import { Link } from '@/app/ui/link'

export const NotFoundMessage = () => (
  <div className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-24 text-center">
    <h1 className="text-2xl font-semibold">{messages.notFound()}</h1>
    <p className="text-muted-foreground">{messages.notFoundHint()}</p>
    <Button asChild variant="default">
      <Link href="/">{messages.backToHome()}</Link>
    </Button>
  </div>
)
