'use client'

import { type ComponentProps, type RefObject, useEffect } from 'react'

interface Props extends Omit<ComponentProps<'input'>, 'ref'> {
  ref: RefObject<HTMLInputElement | null>
  onFiles(files: File[]): void
}

/** A hidden file input whose `click()` opens the system's picker. Also reports files chosen before hydration. */
export function FileInput({ ref, onFiles, ...rest }: Props) {
  const reportFiles = () => {
    const input = ref.current
    if (!input?.files?.length) return
    onFiles([...input.files])
    input.value = ''
  }
  // Effects of ancestors, which receive the files, run after this one.
  useEffect(() => queueMicrotask(reportFiles))
  return <input ref={ref} type="file" multiple hidden onChange={reportFiles} {...rest} />
}
