'use client'

import { Button } from '@/app/ui/button'

/** Shown when a page fails to render on the server, usually while the database is unavailable. */
export default function PageError({ reset }: { reset(): void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-4 py-20 text-center">
      <div>
        <h1 className="text-xl font-semibold">Couldn’t load this page</h1>
        <p className="text-muted-foreground">Your tasks continue in the background. Nothing is lost.</p>
      </div>
      <Button onClick={reset}>Try again</Button>
    </div>
  )
}
