import type { ComponentProps } from 'react'
import { cn } from './cn'

/** Placeholder for content that is loading. */
export function Skeleton({ className, ...rest }: ComponentProps<'div'>) {
  return <div aria-hidden className={cn('animate-pulse rounded-md bg-muted', className)} {...rest} />
}
