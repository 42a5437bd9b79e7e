const INPUTS = ['pointermove', 'pointerdown', 'touchstart', 'wheel', 'keydown'] as const

/** Calls `listener` once: now if the user has used the page, otherwise at the first input. Returns a function that cancels. */
export function onFirstInput(listener: () => void) {
  if (navigator.userActivation?.hasBeenActive) {
    listener()
    return () => {}
  }
  const abort = new AbortController()
  const handleInput = () => {
    abort.abort()
    listener()
  }
  for (const type of INPUTS)
    window.addEventListener(type, handleInput, { capture: true, passive: true, signal: abort.signal })
  return () => abort.abort()
}
