import { useEffect, useState } from 'react'

/** Counts from 0 to `last`, with one render each, so that the browser can respond to input in between. */
export function useStage(last: number) {
  const [stage, setStage] = useState(0)
  useEffect(() => {
    if (stage === last) return
    const timer = setTimeout(() => setStage(stage + 1))
    return () => clearTimeout(timer)
  }, [stage, last])
  return stage
}
