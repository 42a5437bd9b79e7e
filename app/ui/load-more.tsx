import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/ui'
import { Button } from './button'

interface Props {
  hasMore: boolean
  state: 'ready' | 'loading' | 'failed'
  loadMore(): void
}

/** Loads the next page of a list. */
export function LoadMore({ hasMore, state, loadMore }: Props) {
  return (
    <>
      {state === 'failed' && (
        <p role="alert" className="text-center text-destructive">
          {messages.loadMoreFailed()}
        </p>
      )}
      {hasMore && (
        <Button className="self-center" disabled={state === 'loading'} onClick={loadMore}>
          {state === 'loading' ? commonMessages.loading() : messages.loadMore()}
        </Button>
      )}
    </>
  )
}
