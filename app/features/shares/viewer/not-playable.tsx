import { AutoRefresh } from '@/app/ui/auto-refresh'

/** In place of the player until the first part of a video is transcoded. */
export const NotPlayable = () => (
  <div className="grid aspect-video place-items-center rounded-xl bg-muted px-4 text-center">
    <p role="status">This video is still being processed. It appears here once it can be played.</p>
    <AutoRefresh everySeconds={10} />
  </div>
)
