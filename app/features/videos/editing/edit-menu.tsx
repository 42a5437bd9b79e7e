'use client'

import { Pencil } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { LazyMenu } from '@/app/ui/lazy-menu'
import * as messages from '@/lib/generated/messages/videos'
import type { EditMenuProps } from './edit-menu-content'

const loadMenu = async () => (await import('./edit-menu-content')).EditMenuContent

/** What the owner can change of a video itself. */
export const EditMenu = (props: EditMenuProps) => (
  <LazyMenu
    load={loadMenu}
    menuProps={props}
    trigger={
      <Button size="sm">
        <Pencil className="size-4" aria-hidden />
        {messages.edit()}
      </Button>
    }
  />
)
