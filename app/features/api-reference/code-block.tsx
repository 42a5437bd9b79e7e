interface Props {
  label: string
  text: string
}

/** Text that scrolls, also with the keyboard. */
export const CodeBlock = ({ label, text }: Props) => (
  <pre
    role="region"
    aria-label={label}
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable
    tabIndex={0}
    className="max-h-96 overflow-auto p-4 font-mono text-sm"
  >
    {text}
  </pre>
)
