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
          Couldn’t load more. Check your connection and try again.
        </p>
      )}
      {hasMore && (
        <Button className="self-center" disabled={state === 'loading'} onClick={loadMore}>
          {state === 'loading' ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </>
  )
}
