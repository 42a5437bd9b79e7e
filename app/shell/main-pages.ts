import * as messages from '@/lib/generated/messages/pages'
import { Activity, Clapperboard, House, Server } from 'lucide-react'

/** The pages of the main navigation. */
export const mainPages = [
  { href: '/', name: messages.home, Icon: House },
  { href: '/videos', name: messages.videos, Icon: Clapperboard },
  { href: '/machines', name: messages.machines, Icon: Server },
  { href: '/activity', name: messages.activity, Icon: Activity },
]
