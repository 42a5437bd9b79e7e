import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/command-menu'
import * as pageMessages from '@/lib/generated/messages/pages'
import { Layers, LogOut, Moon, ShieldAlert, Sun, UserRound } from 'lucide-react'
import { signOut } from '@/app/features/account/sign-out'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/app/ui/dropdown-menu'
import type { MenuProps } from '@/app/ui/lazy-menu'
import { Link } from '@/app/ui/link'
import { useThemeToggle } from './use-theme-toggle'

interface Props extends MenuProps {
  email: string
  isAdmin: boolean
}

export function UserMenuContent({ email, isAdmin, trigger }: Props) {
  const { isDark, toggleTheme } = useThemeToggle()
  return (
    <DropdownMenu defaultOpen>
      <DropdownMenuTrigger asChild>{trigger}</DropdownMenuTrigger>
      <DropdownMenuContent>
        <p className="max-w-60 truncate px-2.5 py-1.5 text-sm text-muted-foreground">{email}</p>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href="/account">
            <UserRound /> {messages.account()}
          </Link>
        </DropdownMenuItem>
        {isAdmin && (
          <>
            <DropdownMenuItem asChild>
              <Link href="/admin">
                <ShieldAlert /> {pageMessages.server()}
              </Link>
            </DropdownMenuItem>
            <DropdownMenuItem asChild>
              <Link href="/admin/queues">
                <Layers /> {pageMessages.queues()}
              </Link>
            </DropdownMenuItem>
          </>
        )}
        <DropdownMenuItem onSelect={toggleTheme}>
          {isDark ? <Sun /> : <Moon />} {isDark ? messages.lightTheme() : messages.darkTheme()}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut()}>
          <LogOut /> {commonMessages.signOut()}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
