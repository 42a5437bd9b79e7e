'use client'

import * as messages from '@/lib/generated/messages/shell'
import { Button } from '@/app/ui/button'

/** Shown when a page fails to render on the server, usually while the database is unavailable. */
export default function PageError({ reset }: { reset(): void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-4 py-20 text-center">
      <div>
        <h1 className="text-xl font-semibold">{messages.pageFailed()}</h1>
        <p className="text-muted-foreground">{messages.pageFailedHint()}</p>
      </div>
      <Button onClick={reset}>{messages.tryAgain()}</Button>
    </div>
  )
}
