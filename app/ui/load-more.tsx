import { Button } from './button'

/** Below a list that has further pages. */
export function LoadMore({
  hasMore,
  state,
  more,
}: {
  hasMore: boolean
  state: 'ready' | 'loading' | 'failed'
  more(): void
}) {
  return (
    <>
      {state === 'failed' && (
        <p role="alert" className="text-center text-destructive">
          The rest could not be loaded. Check the connection and try again.
        </p>
      )}
      {hasMore && (
        <Button className="self-center" disabled={state === 'loading'} onClick={more}>
          {state === 'loading' ? 'Loading…' : 'Show more'}
        </Button>
      )}
    </>
  )
}
