// Errors and empty states teach: what happened, what it means for the data,
// what to do, and the command line that does the same.
import type { ComponentChildren } from 'preact'
import type { ApiError } from '../api/http'
import type { Problem } from '../api/types'
import { Command } from './text'

const meanings: Record<string, string> = {
  unreachable: 'Nothing is lost: the node keeps its data on disk, and this page goes on when it answers again.',
  'not-found': 'It may have been removed, or the address has a typing error.',
  compacted: 'The journal is kept for a limited time; older moments were folded into a checkpoint.',
  'disk-full': 'What is stored stays stored. New data cannot be taken until space is free.',
  'shutting-down': 'The node is stopping in order; nothing is lost.',
  overloaded: 'Nothing is lost; the node asks to wait a moment.',
  forbidden: 'Nothing was changed.',
}

export function Trouble({ error, command, retry }: { error: ApiError; command?: string; retry?: () => void }) {
  return (
    <div class="trouble" role="alert">
      <p>
        <b>{error.message}</b>
      </p>
      {meanings[error.code] && <p>{meanings[error.code]}</p>}
      {(error.value || error.limit) && (
        <p class="quiet">
          {error.value && <>Value: {error.value}. </>}
          {error.limit && <>Limit: {error.limit}.</>}
        </p>
      )}
      <p class="row">
        {retry && (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )}
        {command && <Command line={command} />}
      </p>
    </div>
  )
}

export function Empty({ title, children, command }: { title: string; children?: ComponentChildren; command?: string }) {
  return (
    <div class="empty">
      <p>
        <b>{title}</b>
      </p>
      {children && <p>{children}</p>}
      {command && (
        <p>
          <Command line={command} />
        </p>
      )}
    </div>
  )
}

export function hasProblem(problem: Problem | undefined | null): problem is Problem {
  return !!problem && !!problem.code && problem.code !== 'none'
}

/// The node's own words about what is wrong with a thing.
export function ProblemLine({ problem }: { problem: Problem | undefined | null }) {
  if (!hasProblem(problem)) return null
  return (
    <p class="problem">
      <span class="code">{problem.code}</span> {problem.message}
    </p>
  )
}

export function Waiting() {
  return (
    <p class="waiting" role="status">
      Asking the node…
    </p>
  )
}
