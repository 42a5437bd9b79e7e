'use client'

import { Terminal } from 'lucide-react'
import * as messages from '@/lib/generated/messages/ui'
import { copyCurlCommand, type CurlAction } from './copy-curl-command'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from './dropdown-menu'
import type { MenuProps } from './lazy-menu'

/** Copies one of several actions as a curl command. */
export const CurlMenu = ({ actions, trigger }: MenuProps & { actions: CurlAction[] }) => (
  <DropdownMenu defaultOpen>
    <DropdownMenuTrigger asChild>{trigger}</DropdownMenuTrigger>
    <DropdownMenuContent>
      <DropdownMenuLabel className="pt-1.5">{messages.copyAsCurl()}</DropdownMenuLabel>
      {actions.map(({ label, request }) => (
        <DropdownMenuItem key={label} onSelect={() => void copyCurlCommand(request)}>
          <Terminal /> {label}
        </DropdownMenuItem>
      ))}
    </DropdownMenuContent>
  </DropdownMenu>
)
