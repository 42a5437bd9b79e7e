'use client'

import { Copy } from 'lucide-react'
import { toast } from 'sonner'
import { Button } from '@/app/ui/button'

/** A secret that is shown this once. */
export function OneTimeSecret({ secret }: { secret: string }) {
  const copy = () =>
    void navigator.clipboard.writeText(secret).then(
      () => toast('Copied'),
      () => toast.error('The browser did not let it be copied. Mark it and copy it by hand.'),
    )
  return (
    <div role="status" className="flex flex-col gap-2 rounded-xl border border-primary bg-card p-4">
      <p className="font-medium">This is its secret. Copy it now: it is not shown again.</p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow font-mono text-sm break-all">{secret}</code>
        <Button size="sm" onClick={copy}>
          <Copy className="size-4" aria-hidden /> Copy
        </Button>
      </div>
      <p className="text-sm text-muted-foreground">
        Check the header webhook-signature with it, by a library of{' '}
        <a href="https://www.standardwebhooks.com" className="underline">
          Standard Webhooks
        </a>
        .
      </p>
    </div>
  )
}
