import type { ReactNode } from 'react'
import { Logo } from '@/app/shell/logo'
import { PageFooter } from '@/app/shell/page-footer'

interface Props {
  title: string
  hint: string
  children?: ReactNode
}

/** The frame of pages for signed-out users. */
export function AuthPage({ title, hint, children }: Props) {
  return (
    <div className="flex min-h-dvh flex-col">
      <main className="mx-auto flex w-full max-w-sm grow flex-col justify-center gap-6 px-5 py-10">
        <div className="flex items-center gap-2 text-lg font-semibold">
          <Logo /> Meanwhile
        </div>
        <div>
          <h1 className="text-xl font-semibold">{title}</h1>
          <p className="mt-1 text-muted-foreground">{hint}</p>
        </div>
        {children}
      </main>
      <PageFooter />
    </div>
  )
}
