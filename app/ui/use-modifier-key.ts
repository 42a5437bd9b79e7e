'use client'

import { useSyncExternalStore } from 'react'

const neverChanges = () => () => undefined
const readModifierKey = () => (/mac|iphone|ipad/i.test(navigator.platform) ? '⌘' : 'Ctrl ')

/** How the keyboard of this computer names the modifier of shortcuts: "⌘", or "Ctrl " as on the server. */
export const useModifierKey = () => useSyncExternalStore(neverChanges, readModifierKey, () => 'Ctrl ')
