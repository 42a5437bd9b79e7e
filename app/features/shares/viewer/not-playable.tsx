import { AutoRefresh } from '@/app/ui/auto-refresh'
import * as messages from '@/lib/generated/messages/shared-links'

/** In place of the player until the first part of a video is transcoded. */
export const NotPlayable = () => (
  <div className="grid aspect-video place-items-center rounded-xl bg-muted px-4 text-center">
    <p role="status">{messages.notPlayable()}</p>
    <AutoRefresh everySeconds={10} />
  </div>
)
