import type { ReactNode } from 'react'

interface Props {
  /** The name of the video or machine. */
  subject?: string | null
  label: string
  /** Further facts, after the label. */
  children?: ReactNode
}

/** What a task does and what it is about, in one line, or in two on phones. */
export const TaskTitle = ({ subject, label, children }: Props) => (
  <span className="min-w-0 grow sm:truncate">
    {subject && (
      <span className="font-medium max-sm:block max-sm:truncate">
        <bdi>{subject}</bdi>
        <span className="max-sm:hidden"> · </span>
      </span>
    )}
    <span className={subject ? 'max-sm:block max-sm:truncate max-sm:text-sm' : ''}>
      {label}
      {children}
    </span>
  </span>
)
