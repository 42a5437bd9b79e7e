import type { ReactNode } from 'react'

interface Props {
  /** The page of the link. */
  href: string
  title: string
  children?: ReactNode
}

/** Above the picture of an embedded player. */
export const EmbeddedTitle = ({ href, title, children }: Props) => (
  <div className="flex items-start gap-3 bg-linear-to-b from-black/75 to-transparent px-4 pt-3 pb-6 text-white">
    <h1 dir="auto" className="min-w-0 grow truncate font-medium">
      <a href={href} target="_blank" className="hover:underline">
        {title}
      </a>
    </h1>
    {children}
  </div>
)
