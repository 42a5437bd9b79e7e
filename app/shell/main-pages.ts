import { Activity, Clapperboard, House, Server } from 'lucide-react'

/** The pages of the main navigation. */
export const mainPages = [
  { href: '/', name: 'Home', Icon: House },
  { href: '/videos', name: 'Videos', Icon: Clapperboard },
  { href: '/machines', name: 'Machines', Icon: Server },
  { href: '/activity', name: 'Activity', Icon: Activity },
]
