'use client'

import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/ui'
import { Button } from './button'
import { type CopiedText, copyText } from './copy-text'

interface Props {
  what: Extract<CopiedText, 'codes' | 'key' | 'link' | 'secret'>
  secret: string
  /** How to use it. */
  children?: ReactNode
}

/** A secret that is shown once, with a button to copy it. */
export function OneTimeSecret({ what, secret, children }: Props) {
  return (
    <div role="status" className="flex flex-col gap-2 rounded-xl border border-primary bg-card p-4">
      <p className="font-medium">{messages.copyNow({ what })}</p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 grow font-mono text-sm break-all whitespace-pre-line">{secret}</code>
        <Button size="sm" onClick={() => void copyText(secret, what)}>
          <Copy className="size-4" aria-hidden /> {commonMessages.copy()}
        </Button>
      </div>
      {children}
    </div>
  )
}
