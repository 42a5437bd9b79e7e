import { useMemo, useRef, useState } from 'react'

/** A Ctrl key that is held for the next key. */
export function useControlKey() {
  const isHeldNow = useRef(false)
  const [isHeld, setHeld] = useState(false)
  const actions = useMemo(() => {
    const set = (isNowHeld: boolean) => {
      isHeldNow.current = isNowHeld
      setHeld(isNowHeld)
    }
    return {
      toggle: () => set(!isHeldNow.current),
      /** Releases it. @returns whether it was held */
      release() {
        const wasHeld = isHeldNow.current
        if (wasHeld) set(false)
        return wasHeld
      },
    }
  }, [])
  return { isHeld, ...actions }
}
