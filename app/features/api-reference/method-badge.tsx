const COLORS: Record<string, string> = { GET: 'text-muted-foreground', DELETE: 'text-destructive' }

/** The method of an operation. */
export const MethodBadge = ({ method }: { method: string }) => (
  <code className={`font-mono text-sm font-medium ${COLORS[method] ?? 'text-primary'}`}>{method}</code>
)
