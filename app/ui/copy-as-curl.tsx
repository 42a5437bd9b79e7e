'use client'

import { Terminal } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Button } from './button'
import { cn } from './cn'
import { copyCurlCommand, type CurlAction } from './copy-curl-command'
import { LazyMenu } from './lazy-menu'

const loadMenu = async () => (await import('./curl-menu')).CurlMenu

interface Props extends Pick<ComponentProps<typeof Button>, 'variant' | 'size' | 'className'> {
  /** The requests of the buttons beside it, as those send them. */
  actions: CurlAction[]
}

/** Copies what the buttons beside it do as a curl command. With several actions, a menu. Not on phones, which have no shell. */
export function CopyAsCurl({ actions, variant = 'ghost', size = 'sm', className }: Props) {
  const [action, ...others] = actions
  if (!action) return null
  const button = (
    <Button
      variant={variant}
      size={size}
      className={cn('max-sm:hidden', className)}
      aria-label="Copy as curl"
      title={others.length > 0 ? 'Copy as curl' : `Copy “${action.label}” as curl`}
      onClick={others.length > 0 ? undefined : () => void copyCurlCommand(action.request)}
    >
      <Terminal className="size-4" aria-hidden />
    </Button>
  )
  return others.length > 0 ? <LazyMenu trigger={button} load={loadMenu} menuProps={{ actions }} /> : button
}
