'use client'

import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button'
import { copyText } from './copy-text'

interface Props {
  /** What to copy: "the key". */
  name: string
  secret: string
  /** How to use it. */
  children?: ReactNode
}

/** A secret that is shown once, with a button to copy it. */
export function OneTimeSecret({ name, secret, children }: Props) {
  return (
    <div role="status" className="flex flex-col gap-2 rounded-xl border border-primary bg-card p-4">
      <p className="font-medium">Copy {name} now. You won’t see this again.</p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow font-mono text-sm break-all whitespace-pre-line">{secret}</code>
        <Button size="sm" onClick={() => void copyText(secret, name)}>
          <Copy className="size-4" aria-hidden /> Copy
        </Button>
      </div>
      {children}
    </div>
  )
}
