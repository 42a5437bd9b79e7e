'use client'

import { Terminal } from 'lucide-react'
import type { ComponentProps } from 'react'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/ui'
import { Button } from './button'
import { cn } from './cn'
import { copyCurlCommand, type CurlAction } from './copy-curl-command'
import { LazyMenu } from './lazy-menu'

const loadMenu = async () => (await import('./curl-menu')).CurlMenu

interface Props extends Pick<ComponentProps<typeof Button>, 'variant' | 'size' | 'className'> {
  /** The requests of the buttons beside it, as those send them. */
  actions: CurlAction[]
  /** What they are about, in a list. There, the button appears when its row is pointed at or focused. */
  rowName?: string
}

const IN_ROW =
  'opacity-0 group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 [@media(hover:none)]:hidden'

/** Copies what the buttons beside it do as a curl command. With several actions, a menu. Not on phones, which have no shell. */
export function CopyAsCurl({ actions, variant = 'ghost', size = 'sm', className, rowName }: Props) {
  const [action, ...others] = actions
  if (!action) return null
  const button = (
    <Button
      variant={variant}
      size={size}
      className={cn('max-sm:hidden', rowName && IN_ROW, className)}
      aria-label={rowName ? commonMessages.copyActionsAsCurl({ name: rowName }) : messages.copyAsCurl()}
      title={others.length > 0 ? messages.copyAsCurl() : messages.copyActionAsCurl({ action: action.label })}
      onClick={others.length > 0 ? undefined : () => void copyCurlCommand(action.request)}
    >
      <Terminal className="size-4" aria-hidden />
    </Button>
  )
  return others.length > 0 ? <LazyMenu trigger={button} load={loadMenu} menuProps={{ actions }} /> : button
}
