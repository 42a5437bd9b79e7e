'use client'

import * as messages from '@/lib/generated/messages/shell'
import { LazyMenu } from '@/app/ui/lazy-menu'

const loadMenu = async () => (await import('./user-menu-content')).UserMenuContent

interface Props {
  email: string
  isAdmin: boolean
}

export const UserMenu = (props: Props) => (
  <LazyMenu
    load={loadMenu}
    menuProps={props}
    trigger={
      <button
        type="button"
        className="grid size-8 place-items-center rounded-full bg-muted text-sm font-medium uppercase max-sm:size-9"
      >
        <span aria-hidden>{props.email[0]}</span>
        <span className="sr-only">{messages.accountMenu()}</span>
      </button>
    }
  />
)
