'use client'

import { Slot } from 'radix-ui'
import { type ComponentType, type ReactElement, useState } from 'react'

export interface MenuProps {
  /** The button that opens the menu. */
  trigger: ReactElement
}

interface Props<T> extends MenuProps {
  /** Loads the menu, which is open when it is mounted. */
  load(): Promise<ComponentType<T & MenuProps>>
  menuProps: T
  /** What it opens. Default: a menu. */
  kind?: 'menu' | 'dialog'
}

/** A button whose menu is loaded when it is first used. */
export function LazyMenu<T extends object>({ trigger, load, menuProps, kind = 'menu' }: Props<T>) {
  const [Menu, setMenu] = useState<ComponentType<T & MenuProps>>()
  if (Menu) return <Menu {...menuProps} trigger={trigger} />
  const open = async () => {
    const loaded = await load()
    setMenu(() => loaded)
  }
  return (
    <Slot.Root
      aria-haspopup={kind}
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => void open()}
    >
      {trigger}
    </Slot.Root>
  )
}
