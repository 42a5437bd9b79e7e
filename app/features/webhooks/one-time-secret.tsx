'use client'

import { Copy } from 'lucide-react'
import { toast } from 'sonner'
import { Button } from '@/app/ui/button'

/** A signing secret that is shown once. */
export function OneTimeSecret({ secret }: { secret: string }) {
  const copy = () =>
    void navigator.clipboard.writeText(secret).then(
      () => toast('Copied'),
      () => toast.error('Couldn’t copy. Select the secret and copy it yourself.'),
    )
  return (
    <div role="status" className="flex flex-col gap-2 rounded-xl border border-primary bg-card p-4">
      <p className="font-medium">Copy the signing secret now. You won’t see it again.</p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow font-mono text-sm break-all">{secret}</code>
        <Button size="sm" onClick={copy}>
          <Copy className="size-4" aria-hidden /> Copy
        </Button>
      </div>
      <p className="text-sm text-muted-foreground">
        Use it to verify the <code className="font-mono">webhook-signature</code> header with a{' '}
        <a href="https://www.standardwebhooks.com" className="underline">
          Standard Webhooks
        </a>{' '}
        library.
      </p>
    </div>
  )
}
