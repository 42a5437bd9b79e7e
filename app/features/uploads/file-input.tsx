'use client'

import { type ComponentProps, type RefObject, useEffect } from 'react'

interface Props extends Omit<ComponentProps<'input'>, 'ref'> {
  ref: RefObject<HTMLInputElement | null>
  onFiles(files: File[]): void
}

/** Opens the picker of the system when it is clicked. What was chosen before the page's scripts had come is taken then. */
export function FileInput({ ref, onFiles, ...rest }: Props) {
  const take = () => {
    const input = ref.current
    if (!input?.files?.length) return
    onFiles([...input.files])
    input.value = ''
  }
  // Whoever takes them is above this, and listens a moment later.
  useEffect(() => queueMicrotask(take))
  return <input ref={ref} type="file" multiple hidden onChange={take} {...rest} />
}
