'use client'

import { useTheme } from 'next-themes'

/** Switches between the light and the dark theme, whether chosen or taken from the system. */
export function useThemeToggle() {
  const { resolvedTheme, setTheme } = useTheme()
  const isDark = resolvedTheme === 'dark'
  return { isDark, toggleTheme: () => setTheme(isDark ? 'light' : 'dark') }
}
