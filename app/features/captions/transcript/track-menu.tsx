import { Ellipsis } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { LazyMenu } from '@/app/ui/lazy-menu'
import * as messages from '@/lib/generated/messages/captions'
import type { TrackMenuProps } from './track-menu-content'

const loadMenu = async () => (await import('./track-menu-content')).TrackMenuContent

export const TrackMenu = (props: TrackMenuProps) => (
  <LazyMenu
    load={loadMenu}
    menuProps={props}
    trigger={
      <Button size="sm" variant="ghost" aria-label={messages.captionOptions()}>
        <Ellipsis className="size-4" />
      </Button>
    }
  />
)
