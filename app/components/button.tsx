import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { twMerge } from 'tailwind-merge'

const button = cva(
  'inline-flex items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors duration-150 disabled:opacity-50',
  {
    variants: {
      look: {
        main: 'bg-accent text-accent-ink hover:opacity-90',
        plain: 'border bg-raised hover:bg-sunken',
        quiet: 'text-soft hover:bg-sunken hover:text-ink',
        danger: 'border bg-raised text-fail hover:bg-sunken',
      },
      size: { normal: 'h-9 px-3.5', small: 'h-7 px-2.5 text-sm', icon: 'size-9' },
    },
    defaultVariants: { look: 'plain', size: 'normal' },
  },
)

export function Button({
  look,
  size,
  className,
  asChild,
  ...rest
}: ComponentProps<'button'> & VariantProps<typeof button> & { asChild?: boolean }) {
  const Element = asChild ? Slot.Root : 'button'
  return (
    <Element
      type={asChild ? undefined : 'button'}
      className={twMerge(button({ look, size }), className)}
      {...rest}
    />
  )
}
