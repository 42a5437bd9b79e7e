'use client'

import { Button } from '@/app/ui/button'

/** The server could not make the page: the database is away, mostly. */
export default function PageError({ reset }: { reset(): void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-4 py-20 text-center">
      <div>
        <h1 className="text-xl font-semibold">This page could not be loaded</h1>
        <p className="text-muted-foreground">
          The server does not answer as it should. What was started goes on; nothing is lost.
        </p>
      </div>
      <Button onClick={reset}>Try again</Button>
    </div>
  )
}
